"""One builder for every test that needs an application.

``an_application`` brings a new application to a status by true moves
(applications.demo.journeys), so what a test starts from is what the portal itself would have made.
"""

import pytest

from applications.demo import journeys
from applications.intake import official_tables
from applications.models import Office, Rate
from applications.status import Procedure, Status
from koss.ground import clock

_STATUSES = {str(status.label): status for status in Status}
_PROCEDURES = {str(procedure.label): procedure for procedure in Procedure}


def make(status, procedure=None, *, now=None, **fields):
    """An application in ``status``, by its Japanese name or as ``Status``.

    ``procedure``: 継続検査 or 新車, or as ``Procedure``; without it the first of the two in which
    the status occurs. ``now``: the moment before which everything happened, by default this one.
    ``fields``: as ``applications.demo.journeys.bring_to`` takes them.
    """
    status = _STATUSES.get(status) or Status(status)
    if procedure is None:
        procedure = next(each for each in Procedure if status.occurs_in(each))
    if not Office.objects.exists():  # a test that empties all tables ran before
        official_tables.load(Rate, Office)
    return journeys.bring_to(
        status,
        procedure=_PROCEDURES.get(procedure) or Procedure(procedure),
        now=now or clock.now(),
        **fields,
    )


@pytest.fixture
def an_application(db):
    """``make``: e.g. ``an_application("検査申請補正待ち", "新車", days_ago=4)``."""
    return make
