"""Making the applications of the demo world from its samples."""

import itertools
from datetime import timedelta

from django.conf import settings

from applications.demo import journeys
from applications.demo.offices import AREAS, CLERKS, SPREAD
from applications.demo.samples import samples
from applications.inquiry.signing_in import LOCK_KIND
from applications.life import announcements
from applications.models import Office
from applications.status import Actor, MoveName, Procedure, Status
from koss.access import passwords
from koss.ground import clock
from koss.ground.progress import followed
from koss.models import DemoAccount
from payments.demo import payers
from qrcodes import demo as receivers

# Wrong passwords of the demo world lie so far back that no wait is left of them.
_LONG_AGO = timedelta(days=1)
# As the manual's own screen, counted on; a new vehicle gets another kana.
_FIRST_SERIAL = 1233
_KANA = {Procedure.CONTINUED_INSPECTION: "さ", Procedure.NEW_VEHICLE: "し"}


def make_all(*, day_that_ends, now):
    """Every application with its account, and the numbers that several share.

    ``day_that_ends``: the business date whose night comes next.
    """
    serial = itertools.count(2)  # the first ones are those of the manuals' own screens
    spread = itertools.cycle(SPREAD)
    offices = {office.name: office for office in Office.objects.filter(name__in=CLERKS)}
    together = {}
    for sample in followed(samples(day_that_ends), "applications of the demo"):
        office = offices[sample.office or next(spread)]
        application = _make(sample, next(serial), office, day_that_ends, now)
        _account(application, sample.shows, needs_login=sample.tries_left is not None)
        if sample.batch:
            key = (sample.procedure, sample.batch, sample.asked)
            together.setdefault(key, []).append(application)
    for (_procedure, _batch, asked), applications in together.items():
        if asked:
            payers.ask_for_number(applications, now=now)
        else:
            payers.take_number(applications, now=now - timedelta(hours=12))


def _account(application, shows, *, needs_login=False):
    DemoAccount.objects.create(
        receipt_number=application.receipt_number, shows=shows, needs_login=needs_login
    )


def _make(sample, serial, office, day_that_ends, now):
    found = vehicle(sample.procedure, serial, office)
    journey = {"office": office, **found, **sample.journey}
    if sample.carries_over:
        journey["earlier"] = _withdrawn(sample, journey, now)
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
        receivers.pick_up(application, by=CLERKS[office.name], now=now)
    if sample.withdrawn_today:
        payers.withdraw(application, now=min(now, clock.at(day_that_ends, hour=23)))
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


def _withdrawn(sample, journey, now):
    """The earlier application of the same vehicle, whose paid fees are carried over."""
    application = journeys.bring_to(
        Status.WITHDRAWN,
        procedure=sample.procedure,
        now=now,
        through=[MoveName.ORDER_CORRECTION],
        days_ago=12,
        **journey,
    )
    _account(application, "手数料を再申請に引き継いだ、取り下げの済んだ申請")
    return application


def vehicle(procedure, serial, office):
    """Chassis and plate as the manuals' own, counted on."""
    plate = f"{AREAS[office.name]} - 580 - {_KANA[procedure]} - {_FIRST_SERIAL + serial}"
    if procedure == Procedure.NEW_VEHICLE:
        return {"chassis_number": str(1234567889 + serial), "plate_given": plate}
    return {"chassis_number": f"AX01-{serial:07d}", "plate": plate}
