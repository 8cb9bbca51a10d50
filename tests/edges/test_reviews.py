"""Who has an application open is told to others, ends by itself, and hinders nobody."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from applications.models import Review
from koss.ground import clock
from tests.edges.test_admin_moves import page_url, press, status_of
from tests.edges.test_admin_trail import LIST, within
from tests.staff import signed_in, text_of
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def two():
    hanako = signed_in("reviewer", username="hanako")
    return hanako, signed_in("reviewer", username="kinuko")


def told(client, application):
    """Whether this person reads who has the application open: on its page, a move's, the list."""
    pages = (page_url(application), f"{LIST}{application.pk}/move/reject/", LIST)
    return ["審査中：hanako" in text_of(client.get(page)) for page in pages]


def test_others_are_told_until_the_decision():
    application = make("検査申請審査中")
    hanako, kinuko = two()

    hanako.get(page_url(application))
    since = timezone.localtime(Review.objects.get().since)
    seen = text_of(kinuko.get(page_url(application)))

    assert f"審査中：hanako（{since:%H:%M}から） 処理は行えますが、" in seen
    assert told(kinuko, application) == [True] * 3
    assert told(hanako, application) == [False, False, True]
    press(hanako, application, "order_correction", reason="x", fields_to_correct="plate")
    assert Review.objects.count() == 0


def test_a_review_ends_by_itself_and_goes_on_with_each_page():
    application = make("検査申請審査中")
    hanako, kinuko = two()
    begins = clock.system_now()

    hanako.get(page_url(application))
    with time_machine.travel(begins + timedelta(minutes=9), tick=False):
        hanako.get(f"{LIST}{application.pk}/move/reject/")
    with time_machine.travel(begins + timedelta(minutes=28), tick=False):
        assert told(kinuko, application) == [True] * 3
    with time_machine.travel(begins + timedelta(minutes=30), tick=False):
        assert told(kinuko, application) == [False] * 3
        assert "審査中：kinuko" in text_of(hanako.get(page_url(application)))


def test_a_review_hinders_nobody():
    application = make("検査申請審査中")
    hanako, kinuko = two()
    hanako.get(page_url(application))

    answer, _sent = press(kinuko, application, "reject", reason="x")

    assert answer.status_code == 302
    assert status_of(application) == "検査申請却下"


def test_the_next_one_is_one_that_nobody_reviews():
    first, second, third = (make("検査申請審査中", days_ago=days) for days in (6, 4, 2))
    hanako, kinuko = two()
    hanako.get(page_url(second))

    answer = kinuko.get(f"{LIST}{first.pk}/next/")

    assert answer.url == within(page_url(third), "work=mine")
    hanako.get(f"{LIST}{second.pk}/next/")  # leaves it to others
    assert kinuko.get(f"{LIST}{first.pk}/next/").url == within(page_url(second), "work=mine")


def test_who_cannot_decide_reviews_nothing():
    application = make("検査申請審査中")

    signed_in("tax_office").get(page_url(application))
    signed_in("counter").get(page_url(application))
    signed_in(superuser=True).get(page_url(application))

    assert Review.objects.count() == 0
