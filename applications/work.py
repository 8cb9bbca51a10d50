"""What waits for a member of staff."""

from django.db.models import Count

from applications import roles
from applications.models import Application
from applications.status import Status
from applications.table import TABLE


def waiting_for(user):
    """The statuses from which ``user`` can move an application on, in the order of the table."""
    actors = roles.actors_of(user)
    return [
        Status(status)
        for status in dict.fromkeys(move.source for move in TABLE if move.by in actors)
    ]


def counts_for(user):
    """(status, number of applications that wait in it) for each of these. One query, or none."""
    statuses = waiting_for(user)
    if not statuses:
        return []
    waiting = Application.objects.filter(roles.in_reach_of(user), status__in=statuses)
    counts = dict(waiting.order_by().values_list("status").annotate(Count("pk")))
    return [(status, counts.get(status, 0)) for status in statuses]
