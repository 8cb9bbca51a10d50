"""The demo world: accounts with published passwords, made once in an empty database."""

import itertools
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from applications import announcements, roles
from applications.inquiry import LOCK_KIND
from applications.models import Application, CounterDesk, Office
from applications.status import Actor, MoveName, Procedure, Status
from koss import clock, outbox, passwords
from koss.demo import journeys, payers
from koss.demo.morning import day_that_ends
from koss.demo.samples import RECEIVER, samples
from koss.models import DemoAccount, MailState, News, OutgoingMail
from payments import numbering
from payments.models import PaymentInformation, PaymentState
from qrcodes import codes, counter

STAFF_PASSWORD = "Demo-pass-2024"
STAFF = {
    "shinsa": roles.Role.REVIEWER,
    "zeimu": roles.Role.TAX_OFFICE,
    "madoguchi": roles.Role.COUNTER,
    "unyo": roles.Role.OPERATOR,
}
_COUNTER_OFFICE = "東京主管事務所"
RECEIVER_PASSWORD = "uketori-2024"
# Wrong passwords of the demo world lie so far back that no wait is left of them.
_LONG_AGO = timedelta(days=1)


class NotHere(Exception):
    """The demo world may not be made in this database; the message says why."""


def is_marked():
    """Whether this database was made as a demo."""
    return DemoAccount.objects.exists()


def is_empty():
    """Whether nobody has put anything of their own into this database."""
    return not Application.objects.exists() and not get_user_model().objects.exists()


def load(*, now):
    """Make the whole world before ``now``, or nothing of it. Returns whether it was made now.

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
        _make_staff()
        _make_news(now)
        _make_receiver(now)
        payers.make(now)
        _make_applications(now)
        _call_mails_sent()
        _leave_open_tasks()
    return True


def accounts():
    """Every demo application with what it shows: (DemoAccount, Application), in reading order."""
    shown = {account.receipt_number: account for account in DemoAccount.objects.all()}
    there = Application.objects.in_bulk(list(shown), field_name="receipt_number")
    places = {status.value: place for place, status in enumerate(Status)}
    order = list(Procedure)
    pairs = [(shown[number], application) for number, application in there.items()]
    return sorted(
        pairs,
        key=lambda pair: (order.index(pair[1].procedure), places[pair[1].status], pair[0].pk),
    )


def _make_staff():
    password = make_password(STAFF_PASSWORD)
    for name, role in STAFF.items():
        user = get_user_model().objects.create(username=name, password=password, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        if role == roles.Role.COUNTER:
            CounterDesk.objects.create(user=user, office=Office.objects.get(name=_COUNTER_OFFICE))


def _make_receiver(now):
    """The receiver of the bulk applications, registered from a paper like every other."""
    issued_at = now - timedelta(days=40)
    paper = codes.issue_registration(RECEIVER, RECEIVER_PASSWORD, now=issued_at)
    counter.register(
        paper,
        by="madoguchi",
        office=Office.objects.get(name=_COUNTER_OFFICE),
        now=issued_at + timedelta(hours=2),
    )


def _make_news(now):
    News.objects.bulk_create(
        News(title=title, body=body, published_at=now - timedelta(days=days))
        for days, title, body in (
            (
                1,
                _("これはデモ用のポータルです"),
                _(
                    "表示される申請、申請者、車両はすべて架空のものです。"
                    "実際の手続には使用できません。メールは外部に送信されません。"
                ),
            ),
            (
                9,
                _("検査手数料等まとめ払い中の申請の取り下げについて"),
                _(
                    "まとめ納付を選んだ申請は、納付番号を取得する前であれば、"
                    "申請状況の画面から取り下げることができます。"
                ),
            ),
            (
                30,
                _("補正の期限にご注意ください"),
                _("補正の期限までに補正が行われない場合、その申請は却下となります。"),
            ),
        )
    )


def _make_applications(now):
    serial = itertools.count(2)  # the first ones are those of the manuals' own screens
    together = {}
    # Before five in the morning the day whose night comes next is yesterday.
    for sample in samples(day_that_ends(now)):
        application = _make(sample, next(serial), now)
        DemoAccount.objects.create(
            receipt_number=application.receipt_number,
            shows=sample.shows,
            needs_login=sample.tries_left is not None,
        )
        if sample.batch:
            key = (sample.procedure, sample.batch, sample.asked)
            together.setdefault(key, []).append(application)
    for (_procedure, _batch, asked), applications in together.items():
        take = payers.ask_for_number if asked else payers.take_number
        take(applications, now=now - timedelta(hours=12))


def _make(sample, serial, now):
    vehicle = _vehicle(sample.procedure, serial)
    journey = {**vehicle, **sample.journey}
    if sample.carries_over:
        journey["earlier"] = _withdrawn(sample, vehicle, now)
    application = journeys.bring_to(sample.status, procedure=sample.procedure, now=now, **journey)
    if sample.announcement:
        announcements.announce(
            application,
            sample.announcement,
            actor=Actor.REVIEWER,
            by="shinsa",
            now=application.status_changed_at,
        )
    if sample.picked_up:
        _pick_up(application, clock.at(clock.day(now) - timedelta(days=1), hour=14))
    if sample.withdrawn_today:
        payers.withdraw(application, now=min(now, clock.at(day_that_ends(now), hour=23)))
    if sample.paid_after:
        payers.pay_late(application, now=now)
    if sample.debit:
        payers.take_number([application], now=application.status_changed_at)
    if sample.tries_left is not None:
        passwords.set_failures(
            LOCK_KIND,
            application.receipt_number,
            settings.KOSS_LOCK_AFTER - sample.tries_left,
            now=now - _LONG_AGO,
        )
    return application


def _pick_up(application, now):
    """Its receiver fetches it with a code."""
    code = codes.issue_authentication(
        RECEIVER, RECEIVER_PASSWORD, application.procedure, now=now, source="127.0.0.1"
    )
    counter.hand_over(code, [application], by="madoguchi", office=application.office, now=now)
    application.refresh_from_db()


def _withdrawn(sample, vehicle, now):
    """The earlier application of the same vehicle, whose paid fees are carried over."""
    application = journeys.bring_to(
        Status.WITHDRAWN,
        procedure=sample.procedure,
        now=now,
        through=[MoveName.ORDER_CORRECTION],
        days_ago=12,
        **vehicle,
    )
    DemoAccount.objects.create(
        receipt_number=application.receipt_number,
        shows="手数料を再申請に引き継いだ、取り下げの済んだ申請",
    )
    return application


def _vehicle(procedure, serial):
    """Chassis and plate as the manuals' own, counted on."""
    if procedure == Procedure.NEW_VEHICLE:
        return {"chassis_number": str(1234567889 + serial)}
    return {
        "chassis_number": f"AX01-{serial:07d}",
        "plate": f"品川 - 580 - さ - {1233 + serial}",
    }


def _call_mails_sent():
    """The mails of the past were sent in the past."""
    mails = list(OutgoingMail.objects.filter(state=MailState.QUEUED))
    for mail in mails:
        mail.subject, mail.body = outbox.render(mail.template, mail.facts)
    OutgoingMail.objects.bulk_update(mails, ["subject", "body"])
    OutgoingMail.objects.filter(state=MailState.QUEUED).update(
        state=MailState.SENT, tries=1, sent_at=F("created_at")
    )


def _leave_open_tasks():
    """A worker finds to do what is still open, and nothing of what this past has settled."""
    DBTaskResult.objects.ready().delete()
    for information in PaymentInformation.objects.filter(
        state=PaymentState.UNPAID, payment_number=""
    ):
        numbering.fetch_number.enqueue(information_id=information.pk)
