"""The demo world: accounts with published passwords, made once in an empty database."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from applications.demo import making
from applications.demo.journeys import second_of
from applications.demo.offices import CLERKS, TOKYO
from applications.models import Application, CounterDesk, Office
from applications.staff import roles
from applications.status import Actor, Procedure, Status
from koss.demo import news
from koss.demo.morning import day_that_ends
from koss.ground import clock
from koss.mail import outbox
from koss.models import DemoAccount, DemoClock, OutgoingMail, is_a_demo
from payments.demo import payers
from payments.models import PaymentInformation, PaymentState
from payments.numbers import numbering
from qrcodes import demo as receivers

_AGENCY_TAKES = timedelta(minutes=5)
STAFF_PASSWORD = "Demo-pass-2024"
_STAFF = {
    "shinsa": roles.Role.REVIEWER,
    "zeimu": roles.Role.TAX_OFFICE,
    "unyo": roles.Role.OPERATOR,
}


class NotHere(Exception):
    """The demo world may not be made in this database; the message says why."""


def is_marked():
    """Whether this database was made as a demo."""
    return is_a_demo()


def is_empty():
    """Whether nobody has put anything of their own into this database."""
    return not Application.objects.exists() and not get_user_model().objects.exists()


def load(*, now):
    """Make the whole world before ``now``, or nothing of it. Returns whether it was made now.

    With ``KOSS_DEMO_EMPTY`` the same world without applications.
    Raises NotHere outside demo mode, and for a database that already holds something else.
    """
    if not settings.DEMO:
        raise NotHere("The demo world exists in demo mode only: set KOSS_DEMO=1.")
    with transaction.atomic():
        if is_marked():
            return False
        if not is_empty():
            raise NotHere(
                "This database holds applications or users of its own. "
                "The demo world needs an empty one."
            )
        DemoClock.objects.get_or_create(pk=1)
        _make_staff()
        news.make(now)
        _make_receiver(now)
        payers.make(now)
        if settings.KOSS_DEMO_EMPTY:
            return True
        # Before five in the morning the day whose night comes next is yesterday.
        making.make_all(day_that_ends=day_that_ends(now), now=now)
        outbox.call_sent(OutgoingMail.objects.all())
        _leave_open_tasks()
    return True


def accounts():
    """Every demo application with what it shows: (DemoAccount, Application), in reading order."""
    shown = {account.receipt_number: account for account in DemoAccount.objects.all()}
    there = Application.objects.select_related("office").in_bulk(
        list(shown), field_name="receipt_number"
    )
    places = {status.value: place for place, status in enumerate(Status)}
    order = list(Procedure)
    pairs = [(shown[number], application) for number, application in there.items()]
    return sorted(
        pairs,
        key=lambda pair: (order.index(pair[1].procedure), places[pair[1].status], pair[0].pk),
    )


def staff():
    """(name to sign in with, role, the name of its office or "") of every member of staff.

    Where a second look is asked for there are two of each who can be asked for it.
    """
    clerks = [(name, roles.Role.COUNTER, office) for office, name in CLERKS.items()]
    *others, operator = [(name, role, "") for name, role in _STAFF.items()]
    seconds = [(second_of(name), role, "") for name, role, _office in others]
    return [*others, *(seconds if settings.KOSS_SECOND_REVIEW else []), *clerks, operator]


def on_duty(actor, office):
    """The name of the demo's member of staff who acts as ``actor``; at the counter of ``office``.

    An office without a clerk of its own is helped out by that of 東京主管事務所.
    """
    if actor == Actor.COUNTER:
        return CLERKS.get(office.name, CLERKS[TOKYO])
    wanted = roles.Role.REVIEWER if actor == Actor.REVIEWER else roles.Role.TAX_OFFICE
    return next(name for name, role in _STAFF.items() if role == wanted)


def _make_staff():
    password = make_password(STAFF_PASSWORD)
    for name, role, office in staff():
        user = get_user_model().objects.create(username=name, password=password, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        if office:
            CounterDesk.objects.create(user=user, office=Office.objects.get(name=office))


def _make_receiver(now):
    office = Office.objects.get(name=TOKYO)
    receivers.register(by=CLERKS[TOKYO], office=office, now=now)


def _leave_open_tasks():
    """A worker finds to do what is still open, and nothing of what this past has settled."""
    DBTaskResult.objects.ready().delete()
    for information in PaymentInformation.objects.filter(
        state=PaymentState.UNPAID, payment_number=""
    ):
        # The agency takes a while, so that somebody can see what waiting for it looks like.
        later = numbering.fetch_number.using(run_after=clock.system_now() + _AGENCY_TAKES)
        later.enqueue(information_id=information.pk)
