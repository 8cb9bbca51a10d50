"""The receiver of the demo world: registered from a paper, and fetching with a code."""

from datetime import timedelta

from applications.models import ReceivingMethod
from koss.access import passwords
from koss.ground import clock
from koss.ground.workdays import last_working_day
from qrcodes.counter import finding, handing_over
from qrcodes.issuing import codes

# A name of the manual 二次元コード発行の操作手順.
RECEIVER = "軽自行政書士事務所　軽自　太郎（１２３４５６７８）"
PASSWORD = "uketori-2024"
_REGISTERED_BEFORE = timedelta(days=40)


def register(*, by, office, now):
    """Register the receiver at the counter of ``office``, some weeks before ``now``."""
    on = last_working_day(clock.day(now - _REGISTERED_BEFORE))
    paper = codes.issue_registration(RECEIVER, PASSWORD, now=clock.at(on, hour=9))
    return handing_over.register(paper, by=by, office=office, now=clock.at(on, hour=11))


def pick_up(application, *, by, now):
    """The receiver fetches ``application`` with a code, on the last working day before ``now``."""
    at = clock.at(last_working_day(clock.day(now) - timedelta(days=1)), hour=14)
    code = codes.issue_authentication(
        RECEIVER, PASSWORD, application.procedure, now=at, source="127.0.0.1"
    )
    handing_over.hand_over(code, [application], by=by, office=application.office, now=at)
    application.refresh_from_db()


def fetch(application, *, by, now):
    """The papers of ``application`` are fetched at the counter of its office, as people do it.

    The receiver above brings its own code; for everybody else the vehicle's code is issued. Every
    paper that is asked for is shown. Returns the Pickup, None where nothing can be fetched now.
    """
    its_own = application.receiving_method == ReceivingMethod.RECEIVER_CODE
    try:
        if its_own and application.receiver_name == RECEIVER:
            code = codes.issue_authentication(
                RECEIVER, PASSWORD, application.procedure, now=now, source="127.0.0.1"
            )
        else:
            code = codes.issue_for_vehicle(application, now=now)
        [result] = handing_over.hand_over(
            code,
            [application],
            by=by,
            office=application.office,
            now=now,
            papers_seen={application.pk},
        )
    except (codes.NotReady, finding.CodeRefused, passwords.Busy):
        return None
    return result.pickup
