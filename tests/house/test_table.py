"""The table of moves is whole: nothing is unreachable, ambiguous or left without a way on."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from django.db.models import BooleanField, ExpressionWrapper, Q

from applications.charges import VEHICLE_TAX_LAST_DAY
from applications.models import Application, PaymentMethod, WeightClass
from applications.status import Actor, MoveName, Procedure, Status
from applications.table import TABLE
from koss import clock
from tests.world import make

CONTINUED, NEW = Procedure.CONTINUED_INSPECTION, Procedure.NEW_VEHICLE

# The statuses by their names, for each procedure, in the order in which a reader meets them.
BOTH_FIRST = [
    "未受付",
    "検査申請受付中",
    "検査手数料等納付待ち",
    "検査手数料等まとめ払い中",
    "検査申請審査中",
    "検査申請補正待ち",
    "検査申請取り下げ中",
    "検査申請取り下げ",
    "検査申請無効",
    "検査申請却下",
    "自動車重量税納付待ち",
    "自動車重量税まとめ払い中",
]
NAMES = {
    CONTINUED: [*BOTH_FIRST, "返付準備完了", "返付済"],
    NEW: [
        *BOTH_FIRST,
        "軽自動車税申告審査中",
        "軽自動車税申告補正待ち",
        "軽自動車税納付待ち",
        "軽自動車税まとめ払い中",
        "交付準備完了",
        "交付済",
    ],
}


def reachable(procedure):
    """Every status that moves of this procedure can lead to."""
    found, waiting = set(), [None]
    while waiting:
        source = waiting.pop()
        for move in TABLE:
            if (
                move.source == source
                and move.target not in found
                and move.target.occurs_in(procedure)
            ):
                found.add(move.target)
                waiting.append(move.target)
    return found


@pytest.mark.parametrize("procedure", Procedure)
def test_each_procedure_has_its_statuses_under_their_names(procedure):
    occurring = [str(status.label) for status in Status if status.occurs_in(procedure)]

    assert occurring == NAMES[procedure]


@pytest.mark.parametrize("procedure", Procedure)
def test_every_status_can_be_reached(procedure):
    assert {str(status.label) for status in reachable(procedure)} == set(NAMES[procedure])


def test_nothing_leads_out_of_a_final_status():
    assert {move.source for move in TABLE} & Status.FINAL == set()


@pytest.mark.parametrize("procedure", Procedure)
def test_every_other_status_has_a_way_to_an_end(procedure):
    ends = {status for status in Status if status in Status.FINAL and status.occurs_in(procedure)}
    leads_to_an_end = set(ends)
    while more := {
        move.source
        for move in TABLE
        if move.source and move.target in leads_to_an_end and move.source not in leads_to_an_end
    }:
        leads_to_an_end |= more

    assert {status for status in Status if status.occurs_in(procedure)} <= leads_to_an_end


def test_a_move_of_one_name_is_made_in_one_role():
    roles = defaultdict(set)
    for move in TABLE:
        roles[move.name].add(move.by)

    reviewers_and_tax_office_both_order = roles.pop(MoveName.ORDER_CORRECTION)
    assert reviewers_and_tax_office_both_order == {Actor.REVIEWER, Actor.TAX_OFFICE}
    assert all(len(by) == 1 for by in roles.values())


def test_every_name_of_a_move_is_used():
    assert {move.name for move in TABLE} == set(MoveName)


def test_what_ends_or_waits_against_the_applicant_says_why():
    unexplained = [
        move.name
        for move in TABLE
        if move.target in {Status.NOT_ACCEPTED, Status.INVALID, Status.REJECTED}
        and not (move.notice and move.mail and (move.reason or "reason" in move.asks))
    ]

    assert unexplained == []


def test_no_mail_on_withdrawals():
    withdrawals = {Status.WITHDRAWING, Status.WITHDRAWN}

    assert {move.mail for move in TABLE if move.target in withdrawals} == {""}


# ---- lines that share name, source and actor


def groups():
    """Lines among which the application's own data decide."""
    together = defaultdict(list)
    for move in TABLE:
        together[move.name, move.source, move.by].append(move)
    return {key: lines for key, lines in together.items() if len(lines) > 1}


def variants(earlier):
    """All that the conditions look at, in all combinations; far more than can really occur."""
    last = VEHICLE_TAX_LAST_DAY
    taxes = [
        {"reviewed_on": reviewed_on, "acquisition_price": price, "vehicle_tax_rate": rate}
        for reviewed_on in (date(2024, 5, 1), last, date(2026, 4, 1))
        for price in (None, 0, 500_000, 500_001, 1_500_000)
        for rate in (None, Decimal("0.0"), Decimal("0.5"), Decimal("2.0"))
    ]
    for procedure, method, weight_class, carried_over, tax in product(
        Procedure, PaymentMethod, (WeightClass.EXEMPT, WeightClass.NORMAL), (False, True), taxes
    ):
        yield {
            "procedure": procedure,
            "payment_method": method,
            "payer": "" if method == PaymentMethod.INDIVIDUAL else "KNAB1234",
            "weight_class": weight_class,
            "earlier": earlier if carried_over else None,
            **tax,
        }


@pytest.mark.django_db
def test_lines_of_one_move_exclude_each_other_and_leave_nothing_out():
    """For every application exactly one line is open: never two, never none."""
    subject = make("検査申請審査中")
    earlier = make("検査申請取り下げ")
    here = Application.objects.filter(pk=subject.pk)
    lines = {f"line{n}": move for n, move in enumerate(TABLE) if move.when}
    judged = here.annotate(
        **{
            name: ExpressionWrapper(Q(move.when(clock.today())), output_field=BooleanField())
            for name, move in lines.items()
        }
    )
    wrong = []
    for fields in variants(earlier):
        here.update(**fields)
        holds = judged.values(*lines).get()
        for (name, source, _by), group in groups().items():
            open_to = [move.target for key, move in lines.items() if move in group and holds[key]]
            if source.occurs_in(fields["procedure"]) and len(open_to) != 1:
                wrong.append((name, source, fields, open_to))

    assert {name for name, _source, _by in groups()} == {
        MoveName.ACCEPT,
        MoveName.PASS_REVIEW,
        MoveName.SETTLE,
        MoveName.PASS_TAX,
    }
    assert wrong == []
