"""Papers of other systems: when they are asked for, what is written down, what applicants learn."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from applications.life import attachments, moves
from applications.models import AttachmentKind, AttachmentState, PaperSearch
from applications.papers import asking
from applications.papers.sources import PaperAnswer, SourceAway
from applications.status import Actor, Status
from koss.ground import clock
from koss.mail import outbox
from koss.management.commands import reconcile
from koss.models import OutgoingMail
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
KIND = AttachmentKind.SAFETY_CERTIFICATE
NUMBER = "AX01-0000001"


def planned(status="検査申請受付中", *, kinds=(KIND,), chassis_number=NUMBER, **fields):
    """An application whose papers of ``kinds`` are missing and were just planned for."""
    application = make(status, chassis_number=chassis_number, annual_tax_confirmed=None, **fields)
    application.attachments.filter(kind__in=kinds).update(state=AttachmentState.MISSING)
    application.attachments.exclude(kind__in=kinds).update(state=AttachmentState.NOT_NEEDED)
    asking.begin(application, now=clock.now())
    return application


def search_of(application):
    return PaperSearch.objects.get(attachment__application=application)


def state_of(application):
    return application.attachments.get(kind=KIND).state


def told():
    mails = OutgoingMail.objects.filter(template="paper_missing").order_by("pk")
    return [outbox.read(mail)[1] for mail in mails]


def test_what_is_there_is_found_at_once_and_nobody_is_written_to(systems):
    systems.papers[KIND, NUMBER] = "123456789"
    application = planned()

    asking.ask_for_papers.func(application.pk)
    asking.ask_for_papers.func(application.pk)

    search = search_of(application)
    assert (state_of(application), search.number, search.next_at) == ("obtained", "123456789", None)
    assert systems.asked == [(KIND, NUMBER)]
    assert told() == []


def test_sending_plans_the_first_round_by_a_worker(systems):
    application = planned()

    paths = DBTaskResult.objects.values_list("task_path", "args_kwargs")
    [(_path, said)] = [each for each in paths if each[0].endswith("ask_for_papers")]
    assert said["kwargs"] == {"application_id": application.pk}
    assert systems.asked == []


def test_it_is_asked_again_with_growing_waits_and_then_no_more(systems):
    application, now = planned(), clock.now()
    waits = []
    for _round in range(20):
        asking.ask_due(now=now)
        search = search_of(application)
        if search.next_at is None:
            break
        waits.append(search.next_at - now)
        assert asking.ask_due(now=search.next_at - timedelta(seconds=1)) == 0
        now = search.next_at

    assert waits == list(asking.WAITS)
    assert waits == sorted(waits)
    assert len(systems.asked) == 1 + len(waits)
    assert state_of(application) == "missing"
    assert len(told()) == 1


def test_after_the_first_round_the_applicant_knows_with_numbers_that_give_nothing_away(systems):
    systems.near = ("AX01-0000007", "AX01-0000010", "AX01-OOOOOO1", "AX01-00000011", NUMBER)
    application = planned()

    asking.ask_for_papers.func(application.pk)

    assert search_of(application).hints == ["AX01-000000●", "AX01-00000●●"]
    [body] = told()
    assert "保安基準適合証" in body
    assert "AX01-000000●、AX01-00000●●" in body
    for known in systems.near[:4]:
        assert known not in body


def test_an_outage_is_no_answer(systems):
    """Nobody is told that nothing matches before a system has said so; then at once."""
    systems.away = {KIND}
    application = planned()
    asking.ask_for_papers.func(application.pk)

    search = search_of(application)
    assert (search.tries, search.asked_at, told()) == (1, None, [])
    systems.away = set()
    asking.ask_due(now=search.next_at)

    assert search_of(application).asked_at == search.next_at
    assert len(told()) == 1


def test_an_outage_costs_one_question_per_round(systems):
    systems.away = {KIND}
    for _each in range(4):
        planned()

    assert asking.ask_due(now=clock.now()) == 1


def test_answers_that_nobody_expects_keep_nothing_back(systems, caplog):
    broken, whole = planned(), planned(kinds=(AttachmentKind.LIABILITY_INSURANCE,))
    systems.broken = KeyError("near")
    assert asking.ask_due(now=clock.now()) == 2
    systems.broken = None
    systems.papers[AttachmentKind.LIABILITY_INSURANCE, NUMBER] = "1"

    asking.ask_due(now=clock.now() + timedelta(hours=1))

    assert search_of(whole).number == "1"
    assert search_of(broken).tries == 2
    assert "KeyError" in caplog.text


def test_what_is_over_does_not_stand_in_the_way_of_what_is_due(systems):
    over = [planned() for _each in range(3)]
    PaperSearch.objects.update(next_at=None)
    due = planned()
    systems.papers[KIND, NUMBER] = "1"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "_ROUND", 2)
        assert asking.ask_due(now=clock.now()) == 1

    assert state_of(due) == "obtained"
    assert {state_of(each) for each in over} == {"missing"}


@pytest.mark.parametrize("marked", ["not_needed", "obtained"])
def test_what_staff_mark_meanwhile_stands(systems, marked):
    application = planned()
    paper = application.attachments.get(kind=KIND)
    attachments.mark(paper, AttachmentState(marked), actor=Actor.REVIEWER, now=clock.now())

    asking.ask_due(now=clock.now())

    assert state_of(application) == marked
    assert search_of(application).next_at is None
    assert told() == []


def test_nobody_asks_for_what_was_turned_away_or_has_ended(systems):
    planned("未受付")
    application = planned()
    application.__class__.objects.filter(pk=application.pk).update(status=Status.INVALID)

    asking.ask_due(now=clock.now())

    assert not PaperSearch.objects.exclude(attachment__application=application).exists()
    assert search_of(application).next_at is None
    assert told() == []


def test_reconciliation_asks_again_once_by_hand_or_in_its_loop(systems, bank, monkeypatch):
    class Enough(Exception):
        pass

    def stop(_seconds):
        raise Enough

    planned()
    call_command("reconcile")
    assert len(systems.asked) == 1
    PaperSearch.objects.update(next_at=clock.now())
    monkeypatch.setattr(reconcile.time, "sleep", stop)
    monkeypatch.setattr(reconcile, "close_old_connections", lambda: None)
    with pytest.raises(Enough):
        call_command("reconcile", every=1)

    assert len(systems.asked) == 2


def test_without_a_source_nobody_is_asked(settings):
    settings.KOSS_PAPERS = ""
    application = planned()

    assert asking.ask_due(now=clock.now()) == 0
    asking.ask_for_papers.func(application.pk)
    asking.ask_for_annual_tax.func(application.pk, 0, None)
    assert not PaperSearch.objects.exists()


def test_a_corrected_number_is_asked_for_anew_and_told_of_anew(systems):
    systems.near = ("AX01-0000007",)
    application = planned("検査申請補正待ち", fields_to_correct=("chassis_number",))
    asking.ask_for_papers.func(application.pk)
    for _round in asking.WAITS:
        asking.ask_due(now=search_of(application).next_at)
    assert search_of(application).next_at is None

    corrected = moves.Inputs(changes={"chassis_number": "AX01-0000002"})
    now = clock.now()
    moves.perform("send_correction", application, actor="applicant", now=now, inputs=corrected)

    search = search_of(application)
    assert (search.hints, search.tries, search.next_at) == ([], 0, now)
    asking.ask_for_papers.func(application.pk)
    assert systems.asked[-1] == (KIND, "AX01-0000002")
    assert len(told()) == 2


def test_an_answer_about_a_number_that_was_corrected_meanwhile_counts_for_nothing(systems):
    application = planned()
    search = search_of(application)
    application.__class__.objects.filter(pk=application.pk).update(chassis_number="AX01-0000002")

    asking._note(search, PaperAnswer("1"), NUMBER, now=clock.now())

    assert state_of(application) == "missing"
    assert search_of(application).tries == 0


def test_two_workers_in_the_same_round_note_it_once(systems):
    application = planned()
    seen = [search_of(application) for _worker in range(2)]
    now = clock.now()

    for search in seen:
        asking._note(search, PaperAnswer(), NUMBER, now=now)

    search = search_of(application)
    assert (search.tries, search.next_at) == (1, now + asking.WAITS[0])
    assert len(told()) == 1


@pytest.mark.parametrize("text", ["a" * 41, "a\0", "\ud800", None, 7])
def test_an_answer_that_cannot_be_kept_is_none(text):
    for unfit in ({"number": text}, {"near": (text,)}):
        with pytest.raises(SourceAway):
            PaperAnswer(**unfit)


def tax_of(application):
    application.refresh_from_db()
    return application.annual_tax_confirmed


def rounds_of_tax():
    """(when, what it is asked with) of every round that is planned."""
    tasks = DBTaskResult.objects.filter(task_path__endswith="ask_for_annual_tax")
    return [(task.run_after, task.args_kwargs["kwargs"]) for task in tasks.order_by("enqueued_at")]


def next_round_of_tax():
    [(when, said)] = rounds_of_tax()
    DBTaskResult.objects.all().delete()
    asking.ask_for_annual_tax.func(**said)
    return when


def test_the_annual_tax_is_asked_for_until_it_is_confirmed(systems):
    systems.paid = SourceAway("closed")
    application, begun = planned(), clock.system_now()
    next_round_of_tax()
    assert tax_of(application) is None

    systems.paid = False
    assert timedelta(seconds=50) < next_round_of_tax() - begun < timedelta(minutes=2)
    assert tax_of(application) is False

    systems.paid = True
    next_round_of_tax()
    assert tax_of(application) is True
    assert rounds_of_tax() == []


def test_the_annual_tax_is_given_up_after_the_last_wait(systems):
    systems.paid = None
    application = planned()
    for _round in range(len(asking.WAITS) + 1):
        next_round_of_tax()

    assert rounds_of_tax() == []
    assert tax_of(application) is None


def test_what_staff_say_about_the_annual_tax_stands(systems):
    systems.paid = False
    application = planned("検査申請審査中")
    next_round_of_tax()
    attachments.confirm_annual_tax(application, True, actor=Actor.REVIEWER, now=clock.now())

    next_round_of_tax()

    assert tax_of(application) is True
    assert rounds_of_tax() == []


def test_a_new_vehicle_has_no_annual_tax_to_ask_for(systems):
    make("検査申請受付中", "新車")

    assert rounds_of_tax() == []


def test_a_corrected_plate_is_asked_for_anew(systems):
    application = planned("検査申請補正待ち", fields_to_correct=("plate",))
    next_round_of_tax()
    systems.paid = False

    corrected = moves.Inputs(changes={"plate": "品川 - 580 - さ - 4321"})
    moves.perform(
        "send_correction", application, actor="applicant", now=clock.now(), inputs=corrected
    )
    next_round_of_tax()

    assert systems.asked[-1] == ("annual_tax", "品川 - 580 - さ - 4321")
    assert tax_of(application) is False


def test_rounds_take_the_same_queries_however_many_have_ended(systems, django_assert_num_queries):
    systems.papers[KIND, NUMBER] = "1"
    for _each in range(2):
        planned()
        # One for what is due; six for the answer: lock, row, state, search, and a transaction.
        with django_assert_num_queries(7):
            asking.ask_due(now=clock.now())


def test_moments_are_the_callers(systems):
    application, moment = planned(), clock.now() + timedelta(days=1)

    asking.ask_due(now=moment)

    assert search_of(application).asked_at == moment
    assert search_of(application).next_at == moment + asking.WAITS[0]
