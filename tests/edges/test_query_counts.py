"""The literal number of queries of every page, with one row and with three behind it."""

import pytest

from koss import clock
from koss.models import News
from tests.signing_in import signs_in

pytestmark = pytest.mark.django_db

PORTAL = {
    "/": 1,
    "/screen/": 0,
    "/bulk/": 0,
    "/faq/": 0,
    "/terms/": 0,
    "/contact/": 0,
    "/accessibility/": 0,
    "/news/": 2,
    "/news/feed/": 1,
    "/status/login/": 0,
}
# Session, application, and what each page needs beyond them.
SIGNED_IN = {"": 7, "withdrawal/": 3, "correction/": 4, "deadline.ics": 2}


@pytest.mark.parametrize(("path", "queries"), PORTAL.items())
def test_portal_pages(client, django_assert_num_queries, path, queries):
    for rows in (1, 2):
        for number in range(rows):
            News.objects.create(title=f"{number}", body="本文", published_at=clock.now())
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize(("path", "queries"), SIGNED_IN.items())
def test_pages_of_an_application(visitor, an_application, django_assert_num_queries, path, queries):
    page = signs_in(visitor, an_application("検査申請補正待ち"))

    with django_assert_num_queries(queries):
        assert visitor.client.get(f"{page}{path}").status_code == 200


def test_signing_in(visitor, an_application, django_assert_num_queries):
    application = an_application("検査申請補正待ち")
    visitor.opens("/status/login/")
    visitor.fills("受付番号（到達番号）", application.receipt_number)
    visitor.presses("次へ")

    with django_assert_num_queries(25):
        visitor.client.post(visitor.path, {"password": "shinsei-2024"})
