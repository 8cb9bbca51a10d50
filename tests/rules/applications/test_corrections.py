"""補正: what an order opens, and how it is answered."""

from datetime import date, timedelta

import pytest

from applications import moves
from applications.corrections import CORRECTABLE, NotOrdered, usual_deadline
from applications.models import Application
from applications.moves import Inputs, MoveRefused
from applications.status import Procedure, Status
from koss import clock
from tests.world import make

TODAY = date(2026, 3, 10)
NOW = clock.at(TODAY, hour=12)
LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db


def order(application, *, now=NOW, fields=("user_name",), deadline=None, reason="記載が違います"):
    return moves.perform(
        "order_correction",
        application,
        actor="reviewer",
        now=now,
        inputs=Inputs(reason=reason, fields=fields, deadline=deadline),
    ).application


def answer(application, *, now=LATER, **changes):
    return moves.perform(
        "send_correction", application, actor="applicant", now=now, inputs=Inputs(changes=changes)
    ).application


# ---- the order


def test_the_usual_deadline_is_six_days_after_the_order():
    ordered = order(make(Status.IN_REVIEW, now=NOW))

    assert usual_deadline(NOW) == date(2026, 3, 16)
    assert ordered.deadline == date(2026, 3, 16)
    assert ordered.notices.first().deadline == date(2026, 3, 16)


def test_late_in_the_evening_it_is_still_today():
    assert usual_deadline(clock.at(TODAY, hour=23, minute=59)) == date(2026, 3, 16)
    assert usual_deadline(clock.at(date(2026, 3, 11))) == date(2026, 3, 17)


def test_staff_may_set_another_deadline_but_none_that_has_passed():
    assert order(make(Status.IN_REVIEW, now=NOW), deadline=TODAY).deadline == TODAY

    application = make(Status.IN_REVIEW, now=NOW)
    with pytest.raises(NotOrdered):
        order(application, deadline=TODAY - timedelta(days=1))
    application.refresh_from_db()
    assert application.status == Status.IN_REVIEW


@pytest.mark.parametrize("procedure", Procedure)
def test_every_field_that_may_be_opened_is_one_of_the_application(procedure):
    fields = CORRECTABLE[procedure]
    ordered = order(make(Status.IN_REVIEW, procedure, now=NOW), fields=fields)

    assert ordered.notices.first().fields == list(fields)
    assert {field.name for field in Application._meta.get_fields()} >= set(fields)


@pytest.mark.parametrize(
    "fields",
    [(), ("status",), ("password",), ("email",), ("owner_name",), ("user_name", "receipt_number")],
)
def test_an_order_opens_nothing_else(fields):
    """owner_name belongs to the other procedure, and the address can never be changed (FAQ)."""
    application = make(Status.IN_REVIEW, Procedure.CONTINUED_INSPECTION, now=NOW)
    with pytest.raises(NotOrdered):
        order(application, fields=fields)

    application.refresh_from_db()
    assert application.status == Status.IN_REVIEW
    assert not application.notices.exists()


def test_an_order_says_why():
    with pytest.raises(ValueError, match="reason"):
        order(make(Status.IN_REVIEW, now=NOW), reason="  ")


# ---- the answer


def test_before_and_after_are_kept():
    application = make(Status.IN_REVIEW, now=NOW, user_name="軽自 太郎")
    answered = answer(
        order(application, fields=("plate", "user_name")),
        user_name="軽自 次郎",
        plate="品川 - 580 - さ - 9999",
    )

    notice = answered.notices.first()
    assert answered.status == Status.IN_REVIEW
    assert (answered.user_name, answered.plate) == ("軽自 次郎", "品川 - 580 - さ - 9999")
    assert answered.deadline is None
    assert notice.answers == {
        "plate": [application.plate, "品川 - 580 - さ - 9999"],
        "user_name": ["軽自 太郎", "軽自 次郎"],
    }
    assert notice.answered_at == LATER


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"applicant_name": "別人"},
        {"user_name": "軽自 次郎", "applicant_name": "別人"},
        {"user_name": "軽自 次郎", "status": "ready_to_return"},
        {"user_name": "軽自 次郎", "email": "thief@world.example"},
        {"status": "ready_to_return"},
    ],
)
def test_exactly_the_ordered_fields_are_answered(changes):
    ordered = order(make(Status.IN_REVIEW, now=NOW))
    before = Application.objects.filter(pk=ordered.pk).values().get()

    with pytest.raises(NotOrdered):
        answer(ordered, **changes)

    assert Application.objects.filter(pk=ordered.pk).values().get() == before
    assert ordered.notices.get().answered_at is None


def test_an_order_is_answered_once():
    ordered = order(make(Status.IN_REVIEW, now=NOW))
    answer(ordered, user_name="軽自 次郎")

    with pytest.raises(MoveRefused):
        answer(ordered, user_name="軽自 三郎")

    ordered.refresh_from_db()
    assert ordered.user_name == "軽自 次郎"


def test_a_second_order_has_an_answer_of_its_own():
    first = answer(order(make(Status.IN_REVIEW, now=NOW)), user_name="軽自 次郎")
    second = order(first, now=LATER, fields=("plate",))
    with pytest.raises(NotOrdered):  # what the first order opened is closed again
        answer(second, now=LATER, user_name="軽自 三郎")

    answered = answer(second, now=LATER, plate="品川 - 580 - さ - 9999")

    newest, oldest = answered.notices.all()
    assert list(newest.answers) == ["plate"]
    assert list(oldest.answers) == ["user_name"]


def test_from_midnight_on_an_overdue_correction_is_refused():
    """Although the old status still shows until the night has run."""
    ordered = order(make(Status.IN_REVIEW, now=NOW))
    last_second = clock.at(date(2026, 3, 16), hour=23, minute=59, second=59)
    midnight = last_second + timedelta(seconds=1)

    with pytest.raises(MoveRefused) as refused:
        answer(ordered, now=midnight, user_name="軽自 次郎")

    assert refused.value.application.status == Status.AWAITING_CORRECTION
    assert refused.value.application.user_name == ordered.user_name  # the row as it stands
    assert answer(ordered, now=last_second, user_name="軽自 次郎").status == Status.IN_REVIEW


def test_a_tax_correction_may_come_late():
    ordered = make(Status.AWAITING_TAX_CORRECTION, now=NOW, deadline=TODAY - timedelta(days=30))

    answered = answer(ordered, user_name="六本木商店")

    assert answered.status == Status.TAX_IN_REVIEW
    assert answered.user_name == "六本木商店"
