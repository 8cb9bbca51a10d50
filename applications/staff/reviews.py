"""Reviews: who opened an application to decide on it, and until when that is told to others.

A review is taken by opening the page and goes on with each page of it. It ends with the decision,
or ``LASTS`` after the last page.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, Q, When

from applications.models import Review

LASTS = timedelta(minutes=20)
# A review that was taken or went on so lately is not written anew with each page.
_STEP = timedelta(minutes=1)


def of(application, *, now):
    """The Review of ``application`` that is going on, or None. A query unless it was joined."""
    review = getattr(application, "review", None)
    return review if review and review.until > now else None


def other(application, user, *, now):
    """The Review of somebody else, whom ``user`` should know of, or None."""
    review = of(application, now=now)
    return review if review and review.by_id != user.pk else None


def opened(application, user, *, now):
    """``user`` opens ``application`` and could decide on it. Returns the Review of another."""
    review = of(application, now=now)
    is_fresh = review and (review.by_id != user.pk or review.until - now > LASTS - _STEP)
    review = review if is_fresh else take(application, user, now=now)
    return review if review.by_id != user.pk else None


def who(review):
    """The name of who reviews."""
    return name_of(review.by)


def name_of(user):
    """The name of a member of staff, or what they sign in with."""
    return f"{user.last_name} {user.first_name}".strip() or user.get_username()


@transaction.atomic
def take(application, user, *, now):
    """Let ``user`` review ``application`` unless another does. Returns the Review that stands."""
    Review.objects.bulk_create(
        [Review(application=application, by=user, since=now, until=now + LASTS)],
        ignore_conflicts=True,
    )
    # The condition is part of the write: of two at once one finds the other's review.
    own_goes_on = When(by=user, until__gt=now, then=F("since"))
    Review.objects.filter(_open_to(user, now), application=application).update(
        by=user, since=Case(own_goes_on, default=now), until=now + LASTS
    )
    return Review.objects.select_related("by").get(application=application)


def end(application, user):
    """``user`` has decided, or leaves the application to others."""
    Review.objects.filter(application=application, by=user).delete()


def without_those_of_others(applications, user, *, now):
    """``applications`` (a QuerySet) without what somebody else is reviewing."""
    others = Review.objects.filter(until__gt=now).exclude(by=user)
    return applications.exclude(pk__in=others.values("application"))


def _open_to(user, now):
    return Q(by=user) | Q(until__lte=now)
