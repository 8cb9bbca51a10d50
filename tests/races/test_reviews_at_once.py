"""Twenty reviewers open the same application at once: one reviews, nineteen are told who."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import Q

from applications.models import Review
from applications.staff import reviews
from koss.ground import clock
from tests.races.crowd import all_at_once
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.race, pytest.mark.django_db(transaction=True)]


def open_it_at_once(*, left_behind):
    """Returns whom each of twenty is told to be reviewing. ``left_behind``: by one of before."""
    application = make("検査申請審査中")
    people = [User.objects.create(username=f"shinsa{number}") for number in range(21)]
    now = clock.now()
    if left_behind:
        reviews.take(application, people[20], now=now - timedelta(hours=1))

    def opens(user):
        return lambda: reviews.take(application, user, now=now).by_id

    return all_at_once([opens(user) for user in people[:20]])


@pytest.mark.parametrize("left_behind", [False, True])
def test_exactly_one_reviews(left_behind):
    told = open_it_at_once(left_behind=left_behind)

    assert set(told) == {Review.objects.get().by_id}


def test_without_the_condition_several_believe_that_they_review(monkeypatch):
    monkeypatch.setattr(reviews, "_open_to", lambda user, now: Q())

    assert len(set(open_it_at_once(left_behind=True))) > 1
