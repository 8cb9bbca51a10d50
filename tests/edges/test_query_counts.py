"""Literal numbers of queries beside those of tests/page_queries.py, and that rows add none."""

import pytest

from koss.ground import clock
from koss.models import News
from tests.signing_in import signs_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("path", "queries"), {"/": 1, "/news/": 2, "/news/feed/": 1}.items())
def test_more_news_take_no_more_queries(client, django_assert_num_queries, path, queries):
    for _ in range(2):
        News.objects.create(title="題", body="本文", published_at=clock.now())
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200


def test_the_file_of_a_deadline(visitor, an_application, django_assert_num_queries):
    page = signs_in(visitor, an_application("検査申請補正待ち"))

    with django_assert_num_queries(2):
        assert visitor.client.get(f"{page}deadline.ics").status_code == 200


def test_signing_in(visitor, an_application, django_assert_num_queries):
    application = an_application("検査申請補正待ち")
    visitor.opens("/status/login/")
    visitor.fills("受付番号（到達番号）", application.receipt_number)
    visitor.presses("次へ")

    with django_assert_num_queries(29):
        visitor.client.post(visitor.path, {"password": "shinsei-2024"})
