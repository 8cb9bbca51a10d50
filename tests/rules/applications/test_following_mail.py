"""One mail in the morning: what it replaces, what goes at once, and that it is written once."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from applications.following import morning
from applications.life import letters, moves
from applications.models import Application, Channel, PaymentMethod
from applications.status import Actor, MoveName
from koss.ground import clock
from koss.mail import outbox
from koss.models import OutgoingMail
from koss.operation import night
from payments.demo import payers
from payments.models import MorningMail
from tests import pseudo
from tests.world import make

D = date(2026, 5, 10)
NOON = clock.at(D, hour=12)
DAY = timedelta(days=1)
PAYER, OWN = "payer@gyosei.example", "taro@shiken.example"
FEES = "検査手数料等まとめ払い中"

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def user():
    """Chose one mail in the morning, a week ago."""
    user = payers.payment_user(now=NOON, bulk_id=payers.BULK_ID, status_email=PAYER)
    morning.choose(user, now=NOON - 7 * DAY)
    MorningMail.objects.update(told_until=NOON - DAY / 2, told_on=D)
    return user


def received(**fields):
    fields = {"payment_method": PaymentMethod.BATCH, "email": OWN} | fields
    return make("検査申請受付中", now=NOON - DAY, **fields)


def accept(application, now=NOON):
    return moves.perform(MoveName.ACCEPT, application, actor=Actor.REVIEWER, now=now).application


def the_night(business_date=D, now=None):
    now = now or clock.night_begins(business_date)
    return sum(morning.write_due(business_date, now=now, chunk=10))


def told():
    return sorted(OutgoingMail.objects.values_list("template", "to"))


def the_mail():
    return OutgoingMail.objects.get(template="users/morning")


def test_a_change_is_told_in_the_morning_and_to_the_applicant_at_once(user):
    application = received()
    OutgoingMail.objects.all().delete()

    accept(application)

    assert told() == [("payment_due", OWN)]
    assert the_night() == 1
    [mail] = OutgoingMail.objects.filter(to=PAYER)
    subject, body = outbox.read(mail)
    assert "1件" in subject
    for words in (application.plate, "検査手数料等まとめ払い中", "いま動くのは あなた", "/mypage/"):
        assert words in body
    assert application.applicant_name not in body
    assert "\n\n\n" not in body


@pytest.mark.parametrize(("days", "at_once"), [(-1, False), (0, True), (1, True), (2, False)])
def test_what_must_be_done_by_tomorrow_goes_at_once(user, days, at_once):
    application = make(FEES, now=NOON, email="")
    application.deadline = D + days * DAY

    letters_now = letters.about([application], "payment_due", now=NOON)
    reminders = letters.about([application], "deadline_near", now=NOON)

    assert [letter.to for letter in letters_now] == ([PAYER] if at_once else [])
    assert reminders == []  # the mail of the same morning says it


def test_who_chose_nothing_gets_a_mail_for_each_change(user):
    application = received()
    OutgoingMail.objects.all().delete()
    morning.give_up(user, now=NOON)
    assert not MorningMail.objects.exists()

    accept(application)

    assert told() == [("payment_due", PAYER), ("payment_due", OWN)]
    assert the_night() == 0


def test_giving_it_up_sends_what_was_gathered(user):
    accept(received())
    OutgoingMail.objects.all().delete()

    morning.give_up(user, now=NOON + timedelta(hours=1))
    morning.give_up(user, now=NOON + timedelta(hours=2))

    assert told() == [("users/morning", PAYER)]


def test_a_morning_without_news_brings_no_mail(user):
    make(FEES, now=NOON - 2 * DAY, deadline=D + 20 * DAY)
    OutgoingMail.objects.all().delete()

    assert the_night() == 0
    assert told() == []
    assert MorningMail.objects.get().told_on == D + DAY


def test_what_is_near_and_what_has_passed(user):
    near = make(FEES, now=NOON - DAY, deadline=D + 3 * DAY, chassis_number="NEAR-1")
    passed = make(
        "自動車重量税まとめ払い中", now=NOON, days_ago=20, deadline=D, chassis_number="PAST-1"
    )
    debited = make(
        FEES, now=NOON - DAY, deadline=D + 2 * DAY, payment_method="direct", numbered=True
    )
    OutgoingMail.objects.all().delete()

    the_night()

    facts = the_mail().facts
    assert [each["receipt_number"] for each in facts["near"]["applications"]] == [
        near.receipt_number
    ]
    assert [each["receipt_number"] for each in facts["passed"]["applications"]] == [
        passed.receipt_number
    ]
    assert debited.receipt_number not in str(facts["near"])


def test_it_is_written_once_however_often_the_night_runs(user):
    accept(received())

    assert [the_night(), the_night(), the_night(now=NOON + 2 * DAY)] == [1, 0, 0]
    assert the_night(D - DAY) == 0  # a night of before, run again


def test_killed_before_its_end_it_is_written_by_the_next_run(user, monkeypatch):
    accept(received())
    with monkeypatch.context() as killed:
        killed.setattr(MorningMail, "save", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            the_night()
    assert not OutgoingMail.objects.filter(template="users/morning").exists()

    assert the_night() == 1


def test_each_change_is_told_in_one_morning(user):
    first = accept(received())
    the_night()
    second = accept(received(), now=NOON + DAY)

    the_night(D + DAY)

    mails = OutgoingMail.objects.filter(template="users/morning").order_by("pk")
    assert [
        [each["receipt_number"] for each in mail.facts["changed"]["applications"]] for mail in mails
    ] == [[first.receipt_number], [second.receipt_number]]


def test_a_move_that_was_committed_late_is_told_the_next_morning(user):
    """Its moment lies before the mail of the night, its commit after it."""
    early, late = accept(received()), accept(received())
    night_at = clock.night_begins(D)
    Application.objects.filter(pk=early.pk).update(
        status_changed_at=night_at - timedelta(minutes=1)
    )
    Application.objects.filter(pk=late.pk).update(status_changed_at=night_at + DAY)
    the_night()

    Application.objects.filter(pk=late.pk).update(status_changed_at=night_at - timedelta(minutes=2))
    the_night(D + DAY)

    newest = OutgoingMail.objects.filter(template="users/morning").latest("pk")
    told_now = [each["receipt_number"] for each in newest.facts["changed"]["applications"]]
    assert told_now == [late.receipt_number]


def test_what_was_sent_in_bulk_is_told_too_and_more_than_fifty_are_counted(user, monkeypatch):
    monkeypatch.setattr(morning, "NAMED", 2)
    for _ in range(3):
        accept(make("検査申請受付中", now=NOON - DAY, channel=Channel.BULK, bulk_id=user.bulk_id))

    the_night()

    changed = the_mail().facts["changed"]
    assert (changed["count"], changed["more"], len(changed["applications"])) == (3, 1, 2)
    assert "ほか 1件" in outbox.read(the_mail())[1]


def test_it_speaks_the_readers_language_when_it_is_read(user):
    accept(received())
    with pseudo.spoken():
        the_night()
        assert pseudo.OPEN not in str(the_mail().facts)
        OutgoingMail.objects.update(language=pseudo.CODE)
        subject, body = outbox.read(the_mail())

    assert subject.startswith(pseudo.OPEN)
    assert pseudo.OPEN in body


def test_the_night_writes_it_after_its_own_moves():
    codes = [step.code for step in night.STEPS]

    assert codes.index("let_corrections_lapse") < codes.index("morning_mails")
    assert codes.index("order_debits") < codes.index("morning_mails") < codes.index("wake_mail")


def test_a_query_for_each_part_and_no_more(user, django_assert_num_queries):
    for _ in range(3):
        accept(received())
    # the step, lock; two strands of: changed, late, count, told; near, passed, steps; mail, row
    with django_assert_num_queries(20):
        the_night()
