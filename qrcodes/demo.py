"""The receiver of the demo world: registered from a paper, and fetching with a code."""

from datetime import timedelta

from koss.ground import clock
from koss.ground.workdays import last_working_day
from qrcodes.counter import handing_over
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
