"""A payment user, for tests about its passwords, details, accounts and files."""

from datetime import datetime

import pytest

from koss.ground import clock
from payments.demo import payers
from payments.models import EventKind

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=clock.JAPAN)
PASSWORD = payers.PASSWORD
NEW_PASSWORD = "Atarashii-2026"
HERE = {"source": "192.0.2.1"}


@pytest.fixture
def user(db):
    """KNAB1234 of the manuals, whose password was set at ``NOON``."""
    return payers.payment_user(now=NOON, bulk_id=payers.BULK_ID)


def events(user):
    """What is on record about ``user``, oldest first."""
    kinds = user.events.order_by("pk").values_list("kind", flat=True)
    return [EventKind(kind) for kind in kinds]
