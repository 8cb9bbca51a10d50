"""Which applications a payment user follows, and which of them it acts for.

It follows those that carry its 納付利用者ID, and those that were sent under its 一括利用者ID.
It acts for the applicant of those that it sent, and of those that say so themselves
(docs/adr/0024).
"""

import re

from applications.models import Application

_KEY = re.compile(r"[0-9]{1,18}", re.ASCII)


def strands(user):
    """The applications that ``user`` follows, as QuerySets that have none in common.

    Each walks indexes of its own, so that a list over both stays as fast as over one.
    """
    found = [Application.objects.exclude(payer="").filter(payer=user.user_id)]  # as the index says
    if user.bulk_id:
        sent = Application.objects.exclude(bulk_id="").filter(bulk_id=user.bulk_id)
        found.append(sent.exclude(payer=user.user_id))
    return found


def find(user, typed):
    """The application with the key ``typed`` that ``user`` follows, or None."""
    if not _KEY.fullmatch(typed):
        return None
    found = (strand.filter(pk=int(typed)).first() for strand in strands(user))
    return next((application for application in found if application), None)


def acts_for(user, application):
    """Whether ``user`` is the agent of the applicant: status page and acts without the password."""
    sent_it = bool(user.bulk_id) and application.bulk_id == user.bulk_id
    return sent_it or (application.payer_is_agent and application.payer == user.user_id)


def with_deadline(user, first, last=None):
    """Rows of ``strands`` whose deadline is one of the days ``first`` … ``last``, as QuerySets."""
    until = {"deadline__lte": last} if last else {}
    return [strand.filter(deadline__gte=first, **until) for strand in strands(user)]
