"""Every version of a corrected application, side by side, with what each correction changed."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from applications.correcting import comparing
from applications.life import correctable
from applications.models import PAPERS, NoticeKind


@dataclass(frozen=True, slots=True)
class Version:
    """One column. ``at``: when it was sent; ``signed``: (signature, its result), or None."""

    title: str
    at: object
    signed: tuple | None


def of(application, notices, uploads, signatures):
    """{"heads": [Version, …], "fields": …, "files": …} from the first version to the last.

    None where nothing was corrected. Each row is (label, cells); a cell of ``fields`` is
    (pieces, changed), one of ``files`` (uploads, changed). Asks the database for
    nothing but the names of other offices.
    """
    answered = sorted(
        (n for n in notices if n.kind == NoticeKind.CORRECTION and n.answered_at),
        key=lambda notice: notice.answered_at,
    )
    if not answered:
        return None
    return {
        "heads": _heads(answered, signatures),
        "fields": [
            (correctable.label(name), cells)
            for name in correctable.names_of(application)
            if (cells := _field_cells(application, name, answered))
        ],
        "files": [
            (kind.label, _file_cells(kind, uploads, answered))
            for kind in PAPERS[application.procedure]
            if any(each.kind == kind for each in uploads)
        ],
    }


def _heads(answered, signatures):
    made = {signature.made_at: (signature, result) for signature, result, _facts in signatures}
    first = [at for at in made if at < answered[0].answered_at]
    heads = [Version(_("初めの申請"), min(first, default=None), made.get(min(first, default=None)))]
    for number, order in enumerate(answered, start=1):
        title = _("%(number)d回目の補正") % {"number": number}
        heads.append(Version(title, order.answered_at, made.get(order.answered_at)))
    return heads


def _field_cells(application, name, answered):
    """The values of one field, found by walking back from what stands now; [] for none at all."""
    values = [correctable.value_of(application, name)]
    for order in reversed(answered):
        before, _after = order.answers.get(name, (values[0], None))
        values.insert(0, before)
    first = comparing.shown(application, name, values[0])
    cells = [([(first, False)] if first else [], False)]
    for before, after in pairwise(values):
        difference = comparing.difference(application, name, before, after)
        cells.append((difference.became, difference.changed))
    return cells if any(pieces or changed for pieces, changed in cells) else []


def _file_cells(kind, uploads, answered):
    """The files of one kind that counted in each version."""
    by_order = {order.pk: order.answered_at for order in answered}
    mine = [each for each in uploads if each.kind == kind]
    cells = [([each for each in mine if each.order_id is None], False)]
    for order in answered:
        there = [
            each
            for each in mine
            if (each.order_id is None or by_order[each.order_id] <= order.answered_at)
            and (each.retired_at is None or each.retired_at > order.answered_at)
        ]
        cells.append((there, any(each.order_id == order.pk for each in there)))
    return cells
