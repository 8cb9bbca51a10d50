"""What the night does for a business date, step by step."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from applications.life import night as steps
from applications.models import Application, HistoryEntry
from applications.status import Procedure, Status
from koss.ground import clock
from koss.mail import outbox
from koss.models import NightRun, OutgoingMail
from koss.operation import night
from payments.demo import payers
from tests.night.one_night import DAY, MORNING, D, mails, now_in, only_moves, run, waiting
from tests.world import make

CONTINUED, NEW = Procedure.CONTINUED_INSPECTION, Procedure.NEW_VEHICLE

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    """At five in the morning after D."""
    time_machine.move_to(MORNING, tick=False)


@pytest.mark.parametrize(
    ("status", "then"),
    [
        (Status.FEES_DUE, Status.INVALID),
        (Status.FEES_IN_BATCH, Status.INVALID),
        (Status.AWAITING_CORRECTION, Status.REJECTED),
    ],
)
def test_what_was_due_on_the_date_or_before_lapses_and_nothing_else(status, then):
    long_ago, yesterday = waiting(status, D - 35 * DAY), waiting(status, D - DAY)
    today, tomorrow = waiting(status, D), waiting(status, D + DAY)

    counts = only_moves(run())

    assert [now_in(row) for row in (long_ago, yesterday, today)] == [then] * 3
    assert now_in(tomorrow) == status
    assert sum(counts.values()) == 3


def test_who_did_it_and_why_is_on_record():
    unpaid = waiting(Status.FEES_DUE, D)
    uncorrected = waiting(Status.AWAITING_CORRECTION, D)

    run()

    for application, move, word in (
        (unpaid, "let_fees_lapse", "納付"),
        (uncorrected, "let_correction_lapse", "期限切れ却下"),
    ):
        entry = application.history.last()
        assert (entry.move, entry.actor, entry.at) == (move, "night", MORNING)
        assert entry.reason == ""
        assert word in entry.reason_in_words
        assert application.notices.first().standard_reason == entry.standard_reason
    assert mails("invalid", unpaid) == 1
    assert mails("rejected", uncorrected) == 1


def test_what_stays_stays():
    """Weight tax, vehicle tax and the tax office's corrections know no lapse."""
    stays = [
        waiting(status, D - 20 * DAY)
        for status in (
            Status.WEIGHT_TAX_DUE,
            Status.WEIGHT_TAX_IN_BATCH,
            Status.AWAITING_TAX_CORRECTION,
            Status.VEHICLE_TAX_DUE,
            Status.VEHICLE_TAX_IN_BATCH,
        )
    ]
    before = HistoryEntry.objects.count()

    assert only_moves(run()) == {}

    assert HistoryEntry.objects.count() == before
    assert [now_in(row) for row in stays] == [row.status for row in stays]


@pytest.mark.parametrize(
    ("status", "procedure"),
    [
        (status, procedure)
        for procedure in Procedure
        for status in Status
        if status.occurs_in(procedure)
        and status not in {Status.FEES_DUE, Status.FEES_IN_BATCH, Status.AWAITING_CORRECTION}
    ],
)
def test_the_night_leaves_every_other_status_alone(status, procedure):
    application = make(status, procedure, now=MORNING - DAY)
    Application.objects.filter(pk=application.pk).update(deadline=D - DAY)

    run()

    assert now_in(application) == status


def in_withdrawn_batch(accepted_on, **fields):
    application = make(Status.FEES_IN_BATCH, now=MORNING - DAY, numbered=True, **fields)
    payers.withdraw(application, now=clock.at(accepted_on, hour=2))
    return application


def test_a_batch_withdrawn_on_the_date_becomes_invalid_in_its_night():
    of_the_day, of_the_day_before = in_withdrawn_batch(D), in_withdrawn_batch(D - DAY)
    of_this_morning = in_withdrawn_batch(D + DAY)
    not_withdrawn = make(Status.FEES_IN_BATCH, now=MORNING - DAY, numbered=True)

    assert only_moves(run()) == {"void_withdrawn_batches": 2}

    assert now_in(of_the_day) == now_in(of_the_day_before) == Status.INVALID
    assert now_in(of_this_morning) == now_in(not_withdrawn) == Status.FEES_IN_BATCH
    assert mails("invalid", of_the_day) == 2  # to the applicant and to the payment user


def test_a_withdrawn_batch_that_is_also_overdue_is_recorded_as_withdrawn():
    application = waiting(Status.FEES_IN_BATCH, D, numbered=True)
    payers.withdraw(application, now=clock.at(D, hour=2))

    assert only_moves(run()) == {"void_withdrawn_batches": 1}
    assert application.history.last().move == "void_with_batch"


def test_ended_sessions_go_and_others_stay():
    for key, hours in (("ended", -1), ("used", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=MORNING + timedelta(hours=hours)
        )

    assert run() == {"end_sessions": 1}
    assert Session.objects.get().session_key == "used"


def test_a_demo_clock_that_runs_ahead_ends_no_session(settings):
    settings.DEMO = True
    Session.objects.create(session_key="used", expire_date=MORNING + timedelta(hours=1))

    run(D + 5 * DAY, MORNING + 5 * DAY)

    assert Session.objects.count() == 1


def test_finished_tasks_go_after_two_weeks():
    def task(status, days, *moments):
        result = outbox.send_due_mail.enqueue()
        DBTaskResult.objects.filter(pk=result.id).update(
            status=status, **dict.fromkeys(moments, MORNING - days * DAY)
        )
        return result.id

    old = [
        task("SUCCESSFUL", 15, "finished_at"),
        task("FAILED", 15, "finished_at"),
        task("RUNNING", 15, "started_at"),  # its worker was killed
    ]
    kept = [
        task("SUCCESSFUL", 13, "finished_at"),
        task("RUNNING", 13, "started_at"),
        task("READY", 15, "enqueued_at"),
    ]

    assert run() == {"clear_tasks": len(old)}
    assert sorted(map(str, DBTaskResult.objects.values_list("pk", flat=True))) == sorted(kept)


def test_mails_that_still_wait_are_looked_at():
    make(Status.RECEIVED, now=MORNING - DAY)
    DBTaskResult.objects.all().delete()  # the worker that had the task was killed

    assert run() == {"wake_mail": 1}
    assert DBTaskResult.objects.get().task_path == "koss.mail.outbox.send_due_mail"


def test_a_second_run_does_nothing():
    for status in (Status.FEES_DUE, Status.FEES_IN_BATCH, Status.AWAITING_CORRECTION):
        for days in range(-2, 3):
            waiting(status, D + days * DAY)
    waiting(Status.WEIGHT_TAX_DUE, D)
    first = run()
    history, mails_written = HistoryEntry.objects.count(), OutgoingMail.objects.count()
    assert len(first) == 5

    assert set(run()) == {"wake_mail"}

    assert (history, mails_written) == (
        HistoryEntry.objects.count(),
        OutgoingMail.objects.count(),
    )


def test_the_night_is_on_record(settings):
    settings.KOSS_NIGHT_CHUNK = 2
    for _ in range(5):
        waiting(Status.FEES_DUE, D)
    told = []

    night.run(D, now=MORNING, report=lambda title, done: told.append((str(title), done)))

    record = NightRun.objects.get()
    assert (record.business_date, record.started_at, record.finished_at) == (D, MORNING, MORNING)
    assert record.counts["let_fees_lapse"] == 5
    assert set(record.counts) == {step.code for step in night.STEPS}
    assert told[:3] == [("納付期限切れ", 2), ("納付期限切れ", 4), ("納付期限切れ", 5)]


def test_a_night_that_lies_ahead_is_refused():
    with pytest.raises(night.NightNotBegun):
        night.run(D, now=MORNING - timedelta(seconds=1))
    with pytest.raises(night.NightNotBegun):
        night.run(D + DAY, now=MORNING)

    assert NightRun.objects.count() == 0


def test_in_demo_mode_a_night_may_lie_ahead(settings):
    settings.DEMO = True
    application = waiting(Status.FEES_DUE, D + 5 * DAY)

    run(D + 5 * DAY, MORNING)

    assert now_in(application) == Status.INVALID


def test_an_older_night_run_later_reminds_nobody_of_days_gone_by():
    gone, still_ahead = waiting(Status.WEIGHT_TAX_DUE, D), waiting(Status.WEIGHT_TAX_DUE, D + DAY)

    run(D - DAY, MORNING)

    assert (mails("deadline_near", gone), mails("deadline_near", still_ahead)) == (0, 1)


def test_a_step_that_fails_keeps_no_other_back(monkeypatch, caplog):
    application = waiting(Status.AWAITING_CORRECTION, D)

    def broken(business_date, *, now, chunk):
        raise ZeroDivisionError
        yield

    first, *others = night.STEPS
    monkeypatch.setattr(night, "STEPS", (first._replace(work=broken), *others))

    with pytest.raises(night.NightUnfinished) as unfinished:
        night.run(D, now=MORNING)

    assert unfinished.value.titles == [first.title]
    assert now_in(application) == Status.REJECTED
    assert NightRun.objects.get().finished_at is None
    assert "ZeroDivisionError" in caplog.text


def test_missed_nights_are_caught_up():
    """Three nights in one end as three nights in a row."""
    applications = [
        waiting(status, D - days * DAY)
        for status in (Status.FEES_DUE, Status.FEES_IN_BATCH, Status.AWAITING_CORRECTION)
        for days in range(4)
    ]

    run()

    assert {now_in(row) for row in applications} == {Status.INVALID, Status.REJECTED}


def ended_session():
    Session.objects.create(
        session_key=f"ended {Session.objects.count()}", expire_date=MORNING - DAY
    )


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("step", "due", "expected"),
    [
        # One to find them, and for each chunk: begin, lock, judge, status, history, notices,
        # mails, the task that sends them, end.
        (steps.void_withdrawn_batches, lambda: in_withdrawn_batch(D), 11),
        (steps.let_fees_lapse, lambda: waiting(Status.FEES_DUE, D), 10),
        (steps.let_corrections_lapse, lambda: waiting(Status.AWAITING_CORRECTION, D), 10),
        # One to find them, and for each chunk: begin, lock, look again, who was told, what is owed,
        # mails, the task, end.
        (steps.remind_of_near_deadlines, lambda: waiting(Status.FEES_DUE, D + DAY), 9),
        (steps.remind_of_passed_deadlines, lambda: waiting(Status.WEIGHT_TAX_DUE, D), 9),
        # For each chunk one to find and one to delete, and one that finds no more.
        (night.end_sessions, ended_session, 3),
    ],
)
def test_a_step_takes_the_same_queries_for_one_and_for_three(step, due, expected, count):
    for _ in range(count):
        due()

    with CaptureQueriesContext(connection) as queries:
        done = list(step(D, now=MORNING, chunk=100))

    assert done == [count]
    assert len(queries) == expected
