"""What waits for a member of staff."""

from applications.life import proposals
from applications.life.table import TABLE
from applications.staff import roles
from applications.status import Status


def to_confirm(user):
    """The proposals of others that wait for ``user``."""
    return proposals.waiting(roles.actors_of(user)).exclude(by=user)


def waiting_for(user):
    """The statuses from which ``user`` can move an application on, in the order of the table."""
    actors = roles.actors_of(user)
    return [
        Status(status)
        for status in dict.fromkeys(move.source for move in TABLE if move.by in actors)
    ]
