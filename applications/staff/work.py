"""What waits for a member of staff."""

from applications.life.table import TABLE
from applications.models import Application
from applications.staff import roles
from applications.status import Status
from koss.ground.paging import COUNTED


def waiting_for(user):
    """The statuses from which ``user`` can move an application on, in the order of the table."""
    actors = roles.actors_of(user)
    return [
        Status(status)
        for status in dict.fromkeys(move.source for move in TABLE if move.by in actors)
    ]


def counts_for(user):
    """(status, number of applications that wait in it) for each of these.

    Counts end at ``COUNTED`` + 1, which stands for "more than that".
    """
    within_reach = Application.objects.filter(roles.in_reach_of(user)).order_by()
    return [
        (status, within_reach.filter(status=status).values("pk")[: COUNTED + 1].count())
        for status in waiting_for(user)
    ]
