"""補正: what an order opens, and how it is answered."""

import secrets
from datetime import date, timedelta

import pytest

from applications.life import moves
from applications.life.corrections import NotOrdered, usual_deadline
from applications.life.moves import Inputs, MoveRefused
from applications.models import Application, Upload
from applications.status import Procedure, Status
from koss.ground import clock
from tests.world import make

TODAY = date(2026, 3, 10)
NOW = clock.at(TODAY, hour=12)
LATER = NOW + timedelta(hours=1)

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


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


def test_the_class_of_the_weight_tax_is_closed_once_the_tax_was_set():
    assert order(make(Status.IN_REVIEW, now=NOW), fields=("weight_class",)).notices.exists()
    application = make(Status.TAX_IN_REVIEW, now=NOW)
    inputs = Inputs(reason="記載が違います", fields=("weight_class",))
    with pytest.raises(NotOrdered):
        moves.perform("order_correction", application, actor="tax_office", now=NOW, inputs=inputs)


@pytest.mark.parametrize("kinds", [("plate_reservation",), ("nonsense",)])
def test_an_order_opens_no_attachment_of_the_other_procedure(kinds):
    application = make(Status.IN_REVIEW, Procedure.CONTINUED_INSPECTION, now=NOW)
    inputs = Inputs(reason="記載が違います", attachments=kinds)
    with pytest.raises(NotOrdered):
        moves.perform("order_correction", application, actor="reviewer", now=NOW, inputs=inputs)


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.TAX_IN_REVIEW])
def test_an_order_of_attachments_is_answered_with_files(status):
    actor = "reviewer" if status == Status.IN_REVIEW else "tax_office"
    application = make(status, Procedure.NEW_VEHICLE, now=NOW)
    first = a_file(application, at=NOW)
    inputs = Inputs(reason="読めません", attachments=("liability_insurance",))
    moves.perform("order_correction", application, actor=actor, now=LATER, inputs=inputs)
    order = application.notices.first()
    assert order.attachments == ["liability_insurance"]
    new = a_file(application, at=LATER, order=order)
    assert list(application.uploads.standing()) == [first]

    answered = answer(application, now=LATER)

    assert answered.status == status
    assert list(application.uploads.standing()) == [new]
    first.refresh_from_db()
    assert first.retired_at == LATER


def test_a_paper_that_was_asked_for_must_be_there():
    application = make(Status.IN_REVIEW, now=NOW)
    inputs = Inputs(reason="ありません", attachments=("liability_insurance",))
    moves.perform("order_correction", application, actor="reviewer", now=NOW, inputs=inputs)

    with pytest.raises(NotOrdered):
        answer(application)

    application.refresh_from_db()
    assert application.status == Status.AWAITING_CORRECTION


def test_a_file_that_the_order_does_not_name_is_refused():
    application = make(Status.IN_REVIEW, now=NOW)
    ordered = order(application)
    a_file(application, at=LATER, order=ordered.notices.get())

    with pytest.raises(NotOrdered):
        answer(ordered, user_name="軽自 次郎")


def a_file(application, *, at, order=None):
    return Upload.objects.create(
        key=secrets.token_hex(16),
        application=application,
        order=order,
        kind="liability_insurance",
        name="証明書.pdf",
        media_type="application/pdf",
        size=1,
        digest="0" * 64,
        at=at,
    )


@pytest.mark.parametrize(
    "fields",
    [
        (),
        ("status",),
        ("password",),
        ("email",),
        ("payment_method",),
        ("owner_name",),
        ("receiver_name",),
        ("address",),
        ("user_name", "receipt_number"),
    ],
)
def test_an_order_opens_nothing_else(fields):
    """owner_name belongs to the other procedure, the mail address can never be changed (FAQ);
    there is no receiver here, and no particulars."""
    application = make(Status.IN_REVIEW, Procedure.CONTINUED_INSPECTION, now=NOW)
    with pytest.raises(NotOrdered):
        order(application, fields=fields)

    application.refresh_from_db()
    assert application.status == Status.IN_REVIEW
    assert not application.notices.exists()


def test_an_order_says_why():
    with pytest.raises(ValueError, match="reason"):
        order(make(Status.IN_REVIEW, now=NOW), reason="  ")


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
