"""The set-wise entrance to the table equals moving one application at a time."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from applications.demo.journeys import RECORDING_AGENT
from applications.life import moves
from applications.life.asking import Ask
from applications.life.moves import Inputs, MoveRefused
from applications.life.table import TABLE
from applications.models import (
    Application,
    Charge,
    HistoryEntry,
    Notice,
    PaymentMethod,
    WeightClass,
)
from applications.status import Actor, MoveName, Procedure, Status
from koss.ground import clock
from koss.models import OutgoingMail
from tests.world import make

TODAY = date(2026, 3, 10)
NOW = clock.at(TODAY, hour=12)
WORDS = Inputs(reason="確認しました", fields=("user_name",), deadline=TODAY + timedelta(days=6))

pytestmark = [pytest.mark.databases, pytest.mark.django_db]

# An answer to a correction belongs to one application; everything else can be said of many.
OF_MANY = sorted(
    {
        (move.name, move.by)
        for move in TABLE
        if move.source and move.name != MoveName.SEND_CORRECTION
    }
)


def paid(application, owed):
    return owed.update(number_taken_at=NOW, paid_at=NOW)


def half_paid(application, owed):
    return owed.filter(kind="inspection_fee").update(number_taken_at=NOW, paid_at=NOW)


def batch_withdrawn(application, owed):
    return owed.update(number_taken_at=NOW, withdrawal_accepted_on=TODAY)


def overdue(application, owed):
    waiting = Application.objects.filter(pk=application.pk, deadline__isnull=False)
    return waiting.update(deadline=TODAY)


def priced(application, owed):
    taxed = Application.objects.filter(pk=application.pk, procedure=Procedure.NEW_VEHICLE)
    return taxed.update(acquisition_price=1_500_000, vehicle_tax_rate=Decimal("2.0"))


# They return how many rows differ.
VARIANTS = (paid, half_paid, batch_withdrawn, overdue, priced)


def varied(vary, application):
    return vary(application, Charge.objects.filter(application=application).unpaid())


def makes_a_difference(vary, application):
    with transaction.atomic():
        rows = varied(vary, application)
        transaction.set_rollback(True)
    return rows > 0


@pytest.fixture
def population():
    """Every status of each procedure in every variant on which a condition depends."""
    for procedure in Procedure:
        for status in Status:
            if status.occurs_in(procedure):
                as_it_is = make(status, procedure, now=NOW)
                those = {"status_email": "jokyo@gyosei.example", **RECORDING_AGENT}
                make(status, procedure, now=NOW, **those)
                for vary in VARIANTS:
                    if makes_a_difference(vary, as_it_is):
                        varied(vary, make(status, procedure, now=NOW))
        for method in PaymentMethod:
            for weight_class in (WeightClass.EXEMPT, WeightClass.NORMAL):
                those = {"payment_method": method, "weight_class": weight_class, "now": NOW}
                make(Status.RECEIVED, procedure, **those)
                make(Status.IN_REVIEW, procedure, **those)
        earlier = make(Status.WITHDRAWN, procedure, now=NOW, through=[Status.AWAITING_CORRECTION])
        make(Status.RECEIVED, procedure, now=NOW, earlier=earlier)
    for method in PaymentMethod:
        varied(priced, make(Status.TAX_IN_REVIEW, "新車", now=NOW, payment_method=method))


def snapshot():
    """Everything a move can write, without the keys that the database deals out."""
    return {
        model.__name__: list(
            model.objects.order_by(*order).values_list(
                *[
                    field.attname
                    for field in model._meta.concrete_fields
                    if field.name != "id" or model is Application
                ]
            )
        )
        for model, order in (
            (Application, ["pk"]),
            (HistoryEntry, ["application", "version"]),
            (Notice, ["application", "pk"]),
            (Charge, ["application", "pk"]),
            (OutgoingMail, ["key"]),
        )
    }


def afterwards(work):
    """(what ``work`` returned, the database after it), and everything as it was before."""
    with transaction.atomic():
        result = work()
        after = snapshot()
        transaction.set_rollback(True)
    return result, after


def one_at_a_time(name, actor, **how):
    moved = 0
    for application in Application.objects.order_by("pk"):
        with suppress(MoveRefused):
            moves.perform(name, application, actor=actor, now=NOW, by="shinsa", **how)
            moved += 1
    return moved


def as_a_set(name, actor, *, chunk, **how):
    return sum(
        moves.perform_many(
            name,
            Application.objects.all(),
            actor=actor,
            now=NOW,
            by="shinsa",
            chunk=chunk,
            **how,
        )
    )


def test_every_move_of_many_equals_the_moves_one_at_a_time(population):
    before = snapshot()
    moved_by = {}
    for name, actor in OF_MANY:
        how = {"inputs": WORDS} if asks(name, Ask.REASON) else {}
        if actor == Actor.NIGHT:
            how["business_date"] = TODAY
        moved, expected = afterwards(lambda: one_at_a_time(name, actor, **how))  # noqa: B023 - called at once
        for chunk in (7, 1000):
            count, after = afterwards(lambda: as_a_set(name, actor, chunk=chunk, **how))  # noqa: B023 - called at once
            assert count == moved, (name, actor, chunk)
            assert after == expected, (name, actor, chunk)
        assert expected != before, (name, actor)
        moved_by[name, actor] = moved

    assert snapshot() == before
    # Some were moved and some were not, or nothing was compared.
    everybody = Application.objects.count()
    assert all(0 < moved < everybody / 2 for moved in moved_by.values()), moved_by


def asks(name, what):
    return any(what in move.asks for move in TABLE if move.name == name)


def in_review(count):
    return [make(Status.IN_REVIEW, now=NOW) for _ in range(count)]


def many(name, applications, **how):
    return list(
        moves.perform_many(
            name, applications, actor=Actor.REVIEWER, now=NOW, **({"chunk": 2} | how)
        )
    )


def test_a_set_moves_nobody_from_outside_it():
    chosen = Application.objects.filter(pk__in=[row.pk for row in in_review(5)[:3]])

    assert many("reject", chosen, inputs=WORDS) == [2, 1]
    assert Application.objects.filter(status=Status.IN_REVIEW).count() == 2


def test_of_many_too_staff_must_say_why():
    in_review(2)
    with pytest.raises(ValueError, match="reason"):
        many("reject", Application.objects.all())

    assert Application.objects.filter(status=Status.IN_REVIEW).count() == 2


def test_what_is_said_of_many_changes_no_fields():
    in_review(2)
    plate = Inputs(changes={"plate": "品川 - 580 - さ - 1234"})
    with pytest.raises(ValueError, match="no fields"):
        many("pass_review", Application.objects.all(), inputs=plate)


@pytest.mark.django_db(transaction=True)
def test_a_chunk_that_was_reported_is_there_to_stay():
    """A caller that stops after the first chunk has the first chunk, whole."""
    in_review(4)
    chunks = moves.perform_many(
        "reject", Application.objects.all(), actor="reviewer", now=NOW, inputs=WORDS, chunk=2
    )

    assert next(chunks) == 2
    assert not connection.in_atomic_block
    chunks.close()

    assert Application.objects.filter(status=Status.REJECTED).count() == 2
    assert HistoryEntry.objects.filter(move="reject").count() == 2


def queries_of(status, name, count):
    Application.objects.update(status=Status.NOT_ACCEPTED)
    for _ in range(count):
        make(status, now=NOW, deadline=TODAY)
    due = Application.objects.overdue_on(TODAY).filter(status=status)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        moved = list(
            moves.perform_many(
                name, due, actor=Actor.NIGHT, now=NOW, business_date=TODAY, chunk=100
            )
        )
    assert moved == [count]
    return len(queries)


@pytest.mark.parametrize(
    ("status", "name", "expected"),
    [
        (Status.FEES_DUE, MoveName.LET_FEES_LAPSE, 10),
        (Status.AWAITING_CORRECTION, MoveName.LET_CORRECTION_LAPSE, 10),
    ],
)
def test_a_chunk_takes_the_same_queries_for_one_and_for_three(status, name, expected):
    assert queries_of(status, name, 1) == expected
    assert queries_of(status, name, 3) == expected
