"""The one door: what a move writes, when it is refused, and what a press means."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Q

from applications.demo.journeys import RECORDING_AGENT
from applications.life import moves
from applications.life.moves import Inputs, MoveRefused, RequestKey
from applications.life.table import TABLE
from applications.models import Application, HistoryEntry, Notice
from applications.status import Actor, MoveName, Procedure, Status
from koss.ground import clock
from koss.mail import outbox
from koss.models import OutgoingMail
from tests.world import make

TODAY = date(2026, 3, 10)
NOW = clock.at(TODAY, hour=12)
WORDS = Inputs(reason="確認しました", fields=("user_name",), deadline=TODAY + timedelta(days=6))

pytestmark = [pytest.mark.databases, pytest.mark.django_db]

EVERY_STATUS = [
    (status, procedure)
    for procedure in Procedure
    for status in Status
    if status.occurs_in(procedure)
]


def perform(name, application, actor, **others):
    return moves.perform(name, application, actor=actor, now=NOW, **others)


def withdraw(application, **others):
    return perform("withdraw", application, "applicant", **others)


def mails(application):
    return list(
        OutgoingMail.objects.filter(receipt_number=application.receipt_number)
        .order_by("pk")
        .values_list("template", flat=True)
    )


def test_a_move_writes_status_history_notice_and_mail():
    application = make(Status.IN_REVIEW, now=NOW, status_email="jokyo@gyosei.example")
    before = mails(application)

    entry = perform("reject", application, "reviewer", by="shinsa", inputs=WORDS)

    rejected = Application.objects.get(pk=application.pk)
    assert entry.application == rejected
    assert (rejected.status, rejected.status_changed_at) == (Status.REJECTED, NOW)
    assert rejected.version == application.version + 1 == entry.version
    assert (entry.from_status, entry.to_status, entry.actor) == (
        "in_review",
        "rejected",
        "reviewer",
    )
    assert (entry.by, entry.reason, entry.at) == ("shinsa", "確認しました", NOW)
    notice = rejected.notices.get()
    assert (notice.kind, notice.reason, notice.by) == ("rejected", "確認しました", "shinsa")
    assert mails(application) == [*before, "rejected", "rejected"]


def test_a_move_that_fails_half_way_changes_nothing(monkeypatch):
    application = make(Status.IN_REVIEW, now=NOW)
    history, notices, letters = (
        application.history.count(),
        Notice.objects.count(),
        mails(application),
    )

    def fails(letters, *, now):
        raise ConnectionError("the database went away")

    monkeypatch.setattr(outbox, "put", fails)
    with pytest.raises(ConnectionError):
        perform("reject", application, "reviewer", inputs=WORDS)

    application.refresh_from_db()
    assert application.status == Status.IN_REVIEW
    assert (history, notices, letters) == (
        application.history.count(),
        Notice.objects.count(),
        mails(application),
    )


def test_no_mail_leaves_within_a_move(mailoutbox):
    perform("reject", make(Status.IN_REVIEW, now=NOW), "reviewer", inputs=WORDS)

    assert mailoutbox == []


def test_the_callers_object_is_not_changed():
    application = make(Status.IN_REVIEW, now=NOW)
    entry = perform("reject", application, "reviewer", inputs=WORDS)

    assert application.status == Status.IN_REVIEW
    assert entry.application is not application


@pytest.mark.parametrize(("status", "procedure"), EVERY_STATUS)
def test_history_replays_to_the_status(status, procedure):
    """And a deadline stands exactly where something is awaited."""
    application = make(status, procedure, now=NOW)
    came_from = ""
    for version, entry in enumerate(application.history.order_by("version"), start=1):
        assert (entry.version, entry.from_status) == (version, came_from)
        assert any(
            (move.name, move.source or "", move.target, move.by)
            == (entry.move, entry.from_status, entry.to_status, entry.actor)
            for move in TABLE
        )
        came_from = entry.to_status

    assert (application.status, application.version) == (came_from, version)
    awaited = status in Status.PAYABLE | Status.CORRECTABLE
    assert (application.deadline is not None) is awaited


@pytest.mark.parametrize(("status", "procedure"), EVERY_STATUS)
def test_every_move_that_the_table_does_not_open_is_refused(status, procedure):
    """All names times all actors: what is not declared is not possible."""
    application = make(status, procedure, now=NOW, numbered=status in Status.PAYABLE)
    row = Application.objects.filter(pk=application.pk).values().get()
    declared = {(move.name, move.by) for move in TABLE if move.source == status}
    refused = 0
    for name in MoveName:
        for actor in Actor:
            if (name, actor) not in declared:
                with pytest.raises(MoveRefused):
                    perform(name, application, actor, inputs=WORDS)
                refused += 1

    assert refused >= len(MoveName) * len(Actor) - 6
    assert Application.objects.filter(pk=application.pk).values().get() == row
    assert application.history.count() == application.version


@pytest.mark.parametrize(
    ("status", "numbered", "allowed"),
    [
        # The table of 申請取り下げの操作手順, part 1.
        (Status.FEES_DUE, False, False),
        (Status.FEES_DUE, True, False),
        (Status.FEES_IN_BATCH, False, True),
        (Status.FEES_IN_BATCH, True, False),
        (Status.AWAITING_CORRECTION, False, True),
    ],
)
def test_when_an_applicant_may_withdraw(status, numbered, allowed):
    application = make(status, now=NOW, numbered=numbered)
    if not allowed:
        with pytest.raises(MoveRefused):
            withdraw(application)
    else:
        assert withdraw(application).application.status == Status.WITHDRAWING


def test_the_refusal_brings_the_row_as_it_stands():
    application = make(Status.FEES_IN_BATCH, now=NOW)
    perform("withdraw", application, "applicant")

    with pytest.raises(MoveRefused) as refused:
        withdraw(application)

    assert refused.value.application.status == Status.WITHDRAWING
    assert refused.value.name == "withdraw"


def test_a_return_is_recorded_only_for_a_named_agent():
    with pytest.raises(MoveRefused):
        perform("record_return", make(Status.READY_TO_RETURN, now=NOW), "counter")

    with_agent = make(Status.READY_TO_RETURN, now=NOW, **RECORDING_AGENT)
    assert perform("record_return", with_agent, "counter").to_status == Status.RETURNED


def test_a_move_changes_no_field_that_the_table_does_not_name():
    application = make(Status.IN_REVIEW, now=NOW)
    for changes in ({"email": "x@y.example"}, {"status": "returned"}, {"acquisition_price": 1}):
        with pytest.raises(ValueError, match="does not change"):
            perform("pass_review", application, "reviewer", inputs=Inputs(changes=changes))

    application.refresh_from_db()
    assert application.status == Status.IN_REVIEW


@pytest.mark.parametrize(
    ("name", "status"), [("reject", Status.IN_REVIEW), ("invalidate", Status.RECEIVED)]
)
def test_staff_must_say_why(name, status):
    with pytest.raises(ValueError, match="reason"):
        perform(name, make(status, now=NOW), "reviewer", inputs=Inputs(reason=" \n"))


@pytest.mark.parametrize(("status", "procedure"), EVERY_STATUS)
def test_open_moves_are_those_that_can_be_performed(status, procedure):
    """What staff are offered works, and what works is offered."""
    application = make(status, procedure, now=NOW)
    for actor in (Actor.REVIEWER, Actor.TAX_OFFICE, Actor.COUNTER, Actor.APPLICANT):
        offered = {move.name for move in moves.open_moves(application, actor=actor, now=NOW)}
        possible = set()
        for name in {move.name for move in TABLE if move.by == actor and move.source}:
            inputs = WORDS
            if name == MoveName.SEND_CORRECTION:
                inputs = Inputs(changes={"user_name": "軽自 次郎"})
            with suppress(MoveRefused), transaction.atomic():
                perform(name, application, actor, inputs=inputs)
                possible.add(name)
                transaction.set_rollback(True)
        assert offered == possible


def test_the_same_press_twice_is_one_move():
    application = make(Status.FEES_IN_BATCH, now=NOW)
    request_key = RequestKey.fresh(application)

    first = withdraw(application, request_key=request_key)
    second = withdraw(application, request_key=RequestKey.read(str(request_key)))

    assert first.pk == second.pk
    assert application.history.filter(move="withdraw").count() == 1
    assert application.notices.count() == 1


def test_the_same_press_shows_its_result_also_after_the_application_has_moved_on():
    application = make(Status.FEES_IN_BATCH, now=NOW)
    request_key = RequestKey.fresh(application)
    first = withdraw(application, request_key=request_key)
    perform("confirm_withdrawal", application, "reviewer")

    assert withdraw(application, request_key=request_key).pk == first.pk
    assert Application.objects.get(pk=application.pk).status == Status.WITHDRAWN


def test_another_press_from_the_same_state_is_refused():
    application = make(Status.FEES_IN_BATCH, now=NOW)
    mine, theirs = RequestKey.fresh(application), RequestKey.fresh(application)
    withdraw(application, request_key=theirs)

    with pytest.raises(MoveRefused):
        withdraw(application, request_key=mine)


def test_a_press_from_a_state_that_is_gone_is_refused_although_the_move_is_open_again():
    application = make(Status.AWAITING_CORRECTION, now=NOW)
    stale = RequestKey.fresh(application)
    corrected = perform(
        "send_correction", application, "applicant", inputs=Inputs(changes={"user_name": "次郎"})
    )
    ordered = perform(
        "order_correction", corrected.application, "reviewer", inputs=WORDS
    ).application
    assert ordered.status == Status.AWAITING_CORRECTION

    with pytest.raises(MoveRefused):
        withdraw(application, request_key=stale)
    assert (
        withdraw(application, request_key=RequestKey.fresh(ordered)).to_status == Status.WITHDRAWING
    )


def test_one_press_is_good_for_one_move_and_one_application():
    application, neighbour = (
        make(Status.FEES_IN_BATCH, now=NOW),
        make(Status.FEES_IN_BATCH, now=NOW),
    )
    request_key = RequestKey.fresh(application)
    withdraw(application, request_key=request_key)

    with pytest.raises(MoveRefused):
        perform("confirm_withdrawal", application, "reviewer", request_key=request_key)
    assert withdraw(neighbour, request_key=request_key).application == neighbour


@pytest.mark.parametrize(
    "mangled", ["", None, "x", "1", ".", "-1.a", "99999999999999999999.a", "１.a", "2.\x00"]
)
def test_a_mangled_request_key_is_refused(mangled):
    application = make(Status.FEES_IN_BATCH, now=NOW)

    with pytest.raises(MoveRefused):
        withdraw(application, request_key=RequestKey.read(mangled))


def test_a_press_says_nothing_but_its_state_and_a_key_of_its_own():
    application = make(Status.FEES_IN_BATCH, now=NOW)
    one, other = RequestKey.fresh(application), RequestKey.fresh(application)

    assert one.version == other.version == application.version
    assert one.key != other.key
    assert len(one.key) == 32
    assert HistoryEntry.objects.exclude(request_key=None).count() == 0


def test_a_first_move_has_its_effect_like_every_other(monkeypatch):
    """What it sets is saved with the new row."""

    def review(applications, *, now, inputs, before):
        for application in applications:
            application.reviewed_on = clock.day(now)

    [line] = [move for move in TABLE if move.name == MoveName.TAKE_IN]
    monkeypatch.setattr(moves, "TABLE", (replace(line, effect=review),))

    application = make(Status.RECEIVED, now=NOW)

    application.refresh_from_db()
    assert application.reviewed_on == clock.day(application.status_changed_at)


def test_a_refused_change_leaves_the_row_as_it_stood():
    """Also the row that the refusal carries, although the change counted when it was judged."""
    application = make(Status.TAX_IN_REVIEW, now=NOW, acquisition_price=None)
    price = Inputs(changes={"acquisition_price": 1_500_000, "vehicle_tax_rate": Decimal("2.0")})
    nothing_open = [
        replace(move, when=lambda day: Q(pk=None)) if move.name == MoveName.PASS_TAX else move
        for move in TABLE
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moves, "TABLE", nothing_open)
        with pytest.raises(MoveRefused) as refusal:
            perform(MoveName.PASS_TAX, application, Actor.TAX_OFFICE, inputs=price)

    assert refusal.value.application.acquisition_price is None
    application.refresh_from_db()
    assert application.acquisition_price is None
