"""Receivers and their codes for tests, made the way that people make them."""

from applications.intake import official_tables
from applications.models import Channel, Office, Rate, ReceivingMethod
from applications.status import Procedure
from koss.ground import clock
from qrcodes.counter import handing_over
from qrcodes.issuing import codes
from tests.world import make

NAME = "軽自行政書士事務所　軽自　太郎（１２３４５６７８）"
PASSWORD = "uketori-2024"
SOURCE = "192.0.2.1"
CLERK = "madoguchi"


def the_office(name="東京主管事務所"):
    if not Office.objects.exists():  # a test that empties all tables ran before
        official_tables.load(Rate, Office)
    return Office.objects.get(name=name)


def registered(name=NAME, password=PASSWORD, *, now=None, office=None):
    """A receiver that a clerk registered from a paper."""
    now = now or clock.now()
    paper = codes.issue_registration(name, password, now=now)
    return handing_over.register(paper, by=CLERK, office=office or the_office(), now=now)


def code_of(name=NAME, password=PASSWORD, procedure=Procedure.CONTINUED_INSPECTION, *, now=None):
    """A 認証用 code."""
    return codes.issue_authentication(
        name, password, procedure, now=now or clock.now(), source=SOURCE
    )


def ready_for_receiver(procedure=Procedure.CONTINUED_INSPECTION, *, name=NAME, now=None, **fields):
    """An application of the bulk channel that waits at the counter for the receiver ``name``."""
    continued = procedure == Procedure.CONTINUED_INSPECTION
    fields = {
        "channel": Channel.BULK,
        "receiving_method": ReceivingMethod.RECEIVER_CODE,
        "receiver_name": name,
        **fields,
    }
    return make("返付準備完了" if continued else "交付準備完了", procedure, now=now, **fields)
