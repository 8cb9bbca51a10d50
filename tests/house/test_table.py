"""The table of moves is whole: nothing is unreachable, ambiguous or left without a way on."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice, product

import pytest
from django.db.models import BooleanField, ExpressionWrapper, Q

from applications.life import asking
from applications.life.charges import VEHICLE_TAX_LAST_DAY
from applications.life.table import TABLE
from applications.models import Application, PaymentMethod, WeightClass
from applications.status import Actor, MoveName, Procedure, Status
from koss.ground import clock
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


def reachable(procedure, table=TABLE):
    """Every status that moves of this procedure can lead to."""
    found, waiting = set(), [None]
    while waiting:
        source = waiting.pop()
        for move in table:
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


def leading_out_of_an_end(table):
    return {move.source for move in table} & Status.FINAL


def without_an_end(procedure, table):
    """The statuses of ``procedure`` from which no moves lead to an end."""
    occurring = {status for status in Status if status.occurs_in(procedure)}
    leads_to_an_end = {status for status in occurring if status in Status.FINAL}
    while more := {
        move.source
        for move in table
        if move.source and move.target in leads_to_an_end and move.source not in leads_to_an_end
    }:
        leads_to_an_end |= more
    return occurring - leads_to_an_end


def of_two_roles(table):
    """Names of moves that are made in more than one role."""
    roles = defaultdict(set)
    for move in table:
        roles[move.name].add(move.by)
    return {name for name, by in roles.items() if len(by) > 1}


def unused(table):
    return set(MoveName) - {move.name for move in table}


def unexplained(table):
    """Moves that end or wait against the applicant, and do not say why."""
    against = {Status.NOT_ACCEPTED, Status.INVALID, Status.REJECTED}
    return {
        move.name
        for move in table
        if move.target in against
        and not (move.notice and move.mail and (move.reason or asking.needs_reason(move)))
    }


def withdrawals_with_mail(table):
    withdrawals = {Status.WITHDRAWING, Status.WITHDRAWN}
    return {move.name for move in table if move.target in withdrawals and move.mail}


def beginnings_with_conditions(table):
    """First moves that depend on rows, or write them: before them there is no row to look at."""
    return {move.name for move in table if not move.source and (move.when or move.effect)}


def test_nothing_leads_out_of_a_final_status():
    assert leading_out_of_an_end(TABLE) == set()


@pytest.mark.parametrize("procedure", Procedure)
def test_every_other_status_has_a_way_to_an_end(procedure):
    assert without_an_end(procedure, TABLE) == set()


def test_a_move_of_one_name_is_made_in_one_role():
    """But for the order of a correction, which two roles give."""
    assert of_two_roles(TABLE) == {MoveName.ORDER_CORRECTION}
    assert {move.by for move in TABLE if move.name == MoveName.ORDER_CORRECTION} == {
        Actor.REVIEWER,
        Actor.TAX_OFFICE,
    }


def test_every_name_of_a_move_is_used():
    assert unused(TABLE) == set()


def test_what_ends_or_waits_against_the_applicant_says_why():
    assert unexplained(TABLE) == set()


def test_no_mail_on_withdrawals():
    assert withdrawals_with_mail(TABLE) == set()


def test_an_application_begins_without_conditions_and_effects():
    assert beginnings_with_conditions(TABLE) == set()


def line(name, **fields):
    """A line of the table with these fields."""
    return next(
        move
        for move in TABLE
        if move.name == name and all(getattr(move, k) == v for k, v in fields.items())
    )


def test_planted_faults_of_the_table_are_found():
    review = Status.IN_REVIEW
    no_way_on = [move for move in TABLE if move.source != review]
    no_way_in = [move for move in TABLE if move.target != review]
    accept, withdraw = line(MoveName.ACCEPT), line(MoveName.WITHDRAW)
    reject, begin = line(MoveName.REJECT), line(MoveName.TAKE_IN)

    assert str(review.label) not in {str(s.label) for s in reachable(NEW, no_way_in)}
    assert review in without_an_end(NEW, no_way_on)
    assert leading_out_of_an_end([*TABLE, replace(accept, source=Status.WITHDRAWN)])
    assert MoveName.ACCEPT in of_two_roles([*TABLE, replace(accept, by=Actor.COUNTER)])
    assert MoveName.TAKE_IN in unused([move for move in TABLE if move.name != MoveName.TAKE_IN])
    assert unexplained([replace(reject, notice=None)]) == {MoveName.REJECT}
    assert unexplained([replace(reject, asks=frozenset())]) == {MoveName.REJECT}
    assert withdrawals_with_mail([replace(withdraw, mail="accepted")]) == {MoveName.WITHDRAW}
    assert beginnings_with_conditions([replace(begin, effect=accept.effect)])
    assert beginnings_with_conditions([replace(begin, when=accept.when)])


def groups(table):
    """Lines among which the application's own data decide."""
    together = defaultdict(list)
    for move in table:
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


def wrong_lines(table, among):
    """Applications for which not exactly one line of a group is open, and what is open to them.

    ``among``: what sets of fields to take, from all.
    """
    subject = make("検査申請審査中")
    here = Application.objects.filter(pk=subject.pk)
    lines = {f"line{n}": move for n, move in enumerate(table) if move.when}
    judged = here.annotate(
        **{
            name: ExpressionWrapper(Q(move.when(clock.today())), output_field=BooleanField())
            for name, move in lines.items()
        }
    )
    wrong = []
    for fields in among(variants(make("検査申請取り下げ"))):
        here.update(**fields)
        holds = judged.values(*lines).get()
        for (name, source, _by), group in groups(table).items():
            open_to = [move.target for key, move in lines.items() if move in group and holds[key]]
            if source.occurs_in(fields["procedure"]) and len(open_to) != 1:
                wrong.append((name, source, fields, open_to))
    return wrong


@pytest.mark.django_db
def test_lines_of_one_move_exclude_each_other_and_leave_nothing_out():
    """For every application exactly one line is open: never two, never none."""
    assert {name for name, _source, _by in groups(TABLE)} == {
        MoveName.ACCEPT,
        MoveName.PASS_REVIEW,
        MoveName.SETTLE,
        MoveName.PASS_TAX,
    }
    assert wrong_lines(TABLE, iter) == []


@pytest.mark.django_db
def test_planted_lines_that_overlap_or_leave_a_gap_are_found():
    def a_few(all_of_them):
        return islice(all_of_them, 0, None, 97)

    accepts = [move for move in TABLE if move.name == MoveName.ACCEPT]
    opened = replace(accepts[0], target=Status.INVALID)

    assert wrong_lines([*TABLE, opened], a_few)[0][0] == MoveName.ACCEPT
    assert wrong_lines([move for move in TABLE if move != accepts[0]], a_few)[0][3] == []
