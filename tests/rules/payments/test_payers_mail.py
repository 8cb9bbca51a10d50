"""申請状況通知用メールアドレス of a payment user gets the mails of all its applications."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from applications.life import letters, moves
from applications.life.night import remind_of_near_deadlines
from applications.staff.roles import Role
from applications.status import Actor, MoveName
from koss.ground import clock
from koss.models import OutgoingMail
from payments.demo import payers
from payments.payer import users
from tests.staff import signed_in
from tests.world import make

D = date(2026, 5, 10)
NOON = clock.at(D, hour=12)
PAYER = "payer@gyosei.example"

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def user():
    return payers.payment_user(now=NOON, status_email=PAYER)


def received(user, **fields):
    fields = {"payment_method": "batch", "payer": user.user_id, "email": ""} | fields
    return make("検査申請受付中", now=NOON, **fields)


def told(application, template):
    mails = OutgoingMail.objects.filter(
        template=template, receipt_number=application.receipt_number
    )
    return sorted(mails.values_list("to", flat=True))


def accept(application):
    moves.perform(MoveName.ACCEPT, application, actor=Actor.REVIEWER, now=NOON)


@pytest.mark.parametrize(
    ("own", "addresses"),
    [
        ({}, [PAYER]),
        ({"email": "taro@shiken.example"}, [PAYER, "taro@shiken.example"]),
        ({"email": PAYER, "status_email": PAYER}, [PAYER]),
    ],
)
def test_each_address_gets_one_mail_of_an_event(user, own, addresses):
    application = received(user, **own)

    accept(application)

    assert told(application, "payment_due") == addresses


def test_it_goes_where_the_user_says_by_then(user):
    application = received(user)
    users.change_details(user, now=NOON + timedelta(hours=1), status_email="new@gyosei.example")

    accept(application)

    assert told(application, "payment_due") == ["new@gyosei.example"]


def test_nobody_else_gets_it(user):
    other = payers.payment_user("KNCD5678", now=NOON, status_email="other@gyosei.example")
    theirs, alone = received(other), received(user, payment_method="individual", payer="")

    accept(theirs)
    accept(alone)

    assert told(theirs, "payment_due") == ["other@gyosei.example"]
    assert told(alone, "payment_due") == []


def test_reminders_go_there_too(user):
    application = make(
        "検査手数料等まとめ払い中",
        now=NOON,
        deadline=D + timedelta(days=2),
        payer=user.user_id,
        email="",
    )

    list(remind_of_near_deadlines(D, now=NOON, chunk=10))

    assert told(application, "deadline_near") == [PAYER]


def test_staff_read_the_address_before_they_move(user):
    application = received(user)
    address = reverse("admin:applications_application_move", args=[application.pk, "accept"])

    page = signed_in(Role.REVIEWER).get(address)

    assert PAYER in page.content.decode()


def test_one_query_for_many(user, django_assert_num_queries):
    applications = [received(user) for _ in range(3)]

    with django_assert_num_queries(1):
        found = letters.addresses(applications)

    assert found == {application.pk: [PAYER] for application in applications}
