"""Carrying out the table: the only code that writes ``Application.status``.

``perform`` moves one application, ``perform_many`` a set; both end in the same ``_carry_out``.
Every move is one transaction that locks the row, looks again, writes the new status, a history
row, the notice and the mails, or changes nothing at all.

Lock order (product.md): batch, then applications by ascending key, then charges.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q

from applications import letters
from applications.models import Application, HistoryEntry, Notice
from applications.status import Status
from applications.table import TABLE
from koss import clock, outbox

# What a move may change beside the status itself, for whom the table asks it.
_CHANGES = {
    "plate": {"plate"},
    "price": {"acquisition_price", "vehicle_tax_rate"},
}
_PRESS = re.compile(r"([0-9]{1,9})\.([0-9a-f]{32})")
# What an effect may set on an application.
_EFFECTS = ("deadline", "reviewed_on")


class MoveRefused(Exception):
    """The move is not open: the application has moved on, or this actor may not.

    ``application`` is the row as it stands now; nothing was changed.
    """

    def __init__(self, name, application):
        super().__init__(f"{name} is not open from {application.status}")
        self.name = name
        self.application = application


@dataclass(frozen=True, slots=True)
class Inputs:
    """What whoever moves says. ``changes``: field of the application → new value."""

    reason: str = ""
    deadline: date | None = None
    fields: tuple[str, ...] = ()
    changes: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Press:
    """One press of one form: the state the form was drawn from, and a key of its own.

    The same press a second time shows the same result; a press from a state that is gone is
    refused.
    """

    version: int
    key: str

    @classmethod
    def fresh(cls, application):
        return cls(application.version, secrets.token_hex(16))

    @classmethod
    def read(cls, text):
        """The press that ``str(press)`` wrote; a mangled one belongs to no state at all."""
        written = _PRESS.fullmatch(text or "")
        return cls(int(written[1]), written[2]) if written else cls(-1, "")

    def __str__(self):
        return f"{self.version}.{self.key}"


def open_moves(application, *, actor, now):
    """The lines of the table that ``actor`` could carry out at ``now``. At most one query."""
    lines = [move for move in TABLE if move.source == application.status and move.by == actor]
    judged = {f"line{n}": move.when for n, move in enumerate(lines) if move.when}
    if not judged:
        return lines
    day = clock.day(now)
    holds = (
        Application.objects.filter(pk=application.pk)
        .annotate(
            **{
                name: ExpressionWrapper(Q(when(day)), output_field=BooleanField())
                for name, when in judged.items()
            }
        )
        .values(*judged)
        .get()
    )
    return [move for n, move in enumerate(lines) if holds.get(f"line{n}", True)]


def begin(name, application, *, now, by="", inputs=None):
    """Save a new ``application`` with its first status. Returns its history entry."""
    [move] = [move for move in TABLE if move.source is None and move.name == name]
    application.status_changed_at = now
    application.status = ""
    with transaction.atomic():
        [entry] = _carry_out(move, [application], now=now, by=by, inputs=inputs or Inputs())
    return entry


@transaction.atomic
def perform(name, application, *, actor, now, by="", business_date=None, inputs=None, press=None):
    """Move ``application`` and return the history entry, or raise MoveRefused.

    ``by``: who exactly, for the record. ``business_date``: the day a move of the night acts for.
    ``press``: when given, a repeated press returns the entry it made the first time.
    The caller's object is not changed; ``entry.application`` is the row as it stands.
    """
    inputs = inputs or Inputs()
    locked = lock(application)
    if press:
        if entry := made(locked, name, press):
            return entry
        if press.version != locked.version:
            raise MoveRefused(name, locked)
    move = _the_open_move(name, locked, actor, business_date or clock.day(now), inputs)
    [entry] = _carry_out(move, [locked], now=now, by=by, inputs=inputs, press=press)
    return entry


def made(application, name, press):
    """The entry that ``press`` made when it came the first time, or None."""
    if not press.key:
        return None
    return application.history.filter(press_key=press.key, move=name).first()


def lock(application):
    """The row of ``application``, locked and read again. Only inside a transaction."""
    return Application.objects.select_for_update(no_key=True).get(pk=application.pk)


def perform_many(name, applications, *, actor, now, by="", business_date=None, inputs=None, chunk):
    """Move every one of ``applications`` (a QuerySet) that this move is open to.

    Works in chunks of ``chunk`` rows by ascending key, each its own transaction that locks and
    looks again, so running it twice, at once or after a crash, moves nothing twice. Yields the
    number moved after each chunk.
    """
    inputs = inputs or Inputs()
    day = business_date or clock.day(now)
    lines = [move for move in TABLE if move.name == name and move.by == actor]
    if inputs.changes:
        raise ValueError(f"{name} of many changes no fields")
    for move in lines:
        _check_reason(move, inputs)
    # Unordered, so that a database takes the index of what is due and does not walk the table.
    keys = sorted(applications.order_by().values_list("pk", flat=True))
    for start in range(0, len(keys), chunk):
        with transaction.atomic():
            moved = _move_chunk(
                lines, keys[start : start + chunk], day, now=now, by=by, inputs=inputs
            )
        yield moved


def _move_chunk(lines, keys, day, *, now, by, inputs):
    rows = {
        row.pk: row
        for row in Application.objects.select_for_update(no_key=True)
        .filter(pk__in=keys)
        .order_by("pk")
    }
    moved = 0
    for move in lines:
        open_to = Application.objects.filter(pk__in=rows, status=move.source).order_by("pk")
        if move.when:
            open_to = open_to.filter(move.when(day))
        these = [rows.pop(key) for key in open_to.values_list("pk", flat=True)]
        if these:
            _carry_out(move, these, now=now, by=by, inputs=inputs)
            moved += len(these)
    return moved


def _the_open_move(name, application, actor, day, inputs):
    """The one line of the table that is open; what the move changes counts already."""
    lines = [
        move
        for move in TABLE
        if move.name == name and move.source == application.status and move.by == actor
    ]
    if not lines:
        raise MoveRefused(name, application)
    _check_reason(lines[0], inputs)
    _change(application, lines[0], inputs)
    here = Application.objects.filter(pk=application.pk)
    lines = [move for move in lines if not move.when or here.filter(move.when(day)).exists()]
    if not lines:
        for name_of_field, value in inputs.before.items():
            setattr(application, name_of_field, value)
        raise MoveRefused(name, application)
    [move] = lines
    return move


def _check_reason(move, inputs):
    if "reason" in move.asks and not inputs.reason.strip():
        raise ValueError(f"{move.name} needs a reason")


def _change(application, move, inputs):
    if not inputs.changes:
        return
    if "correction" not in move.asks:
        allowed = set().union(*(_CHANGES.get(asked, set()) for asked in move.asks))
        if not set(inputs.changes) <= allowed:
            raise ValueError(f"{move.name} does not change {sorted(inputs.changes)}")
    for name, value in inputs.changes.items():
        inputs.before[name] = getattr(application, name)
        setattr(application, name, value)
    application.save(update_fields=list(inputs.changes))


def _carry_out(move, applications, *, now, by, inputs, press=None):
    """Write everything that ``move`` means for ``applications``, whose rows are locked or new."""
    reason = inputs.reason or str(move.reason)
    for application in applications:
        application.deadline = None
    if move.effect and move.source is not None:
        move.effect(applications, now=now, inputs=inputs)
    came_from = [application.status for application in applications]
    for application in applications:
        application.status = move.target
        application.status_changed_at = now
        application.version += 1
        if move.target not in Status.PAYABLE | Status.CORRECTABLE:
            application.deadline = None
    _save(move, applications, now)
    entries = HistoryEntry.objects.bulk_create(
        HistoryEntry(
            application=application,
            version=application.version,
            move=move.name,
            from_status=source,
            to_status=move.target,
            actor=move.by,
            by=by,
            reason=reason,
            at=now,
            press_key=press.key if press else None,
        )
        for application, source in zip(applications, came_from, strict=True)
    )
    if move.notice:
        Notice.objects.bulk_create(
            Notice(
                application=application,
                kind=move.notice,
                agency=move.agency,
                deadline=application.deadline,
                reason=reason,
                fields=list(inputs.fields),
                at=now,
                by=by,
            )
            for application in applications
        )
    if move.mail:
        outbox.put(
            [
                letter
                for application in applications
                for letter in letters.about(application, move.mail, reason=reason)
            ],
            now=now,
        )
    return entries


def _save(move, applications, now):
    if move.source is None:
        for application in applications:
            application.save(force_insert=True)
        return

    def values(application):
        return tuple(getattr(application, name) for name in _EFFECTS)

    for same, group in groupby(applications, key=values):
        Application.objects.filter(pk__in=[application.pk for application in group]).update(
            status=move.target,
            status_changed_at=now,
            version=F("version") + 1,
            **dict(zip(_EFFECTS, same, strict=True)),
        )
