"""お知らせ with a draft, a span and a planned stop, of which every page tells."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError

from koss.ground import clock
from koss.models import News
from koss.portal import planned_stops
from tests.pages import read
from tests.staff import signed_in

HOUR = timedelta(hours=1)


def a_stop(now, **fields):
    stop = {"stops_at": now + HOUR, "resumes_at": now + 2 * HOUR, "published_at": now - HOUR}
    return News.objects.create(title="保守のための停止", body="止めます。", **stop | fields)


def banner(client, path="/faq/"):
    page = read(client.get(path).content.decode())
    return [each.text for each in page.all("aside") if each["aria-label"] == "計画停止のお知らせ"]


def at_hour(hour):
    return clock.at(date(2026, 5, 12), hour=hour)


@pytest.mark.django_db
def test_it_is_announced_then_in_force_then_over(client):
    stop = a_stop(at_hour(3), published_at=at_hour(1))

    seen = {}
    for hour in (0, 1, 3, 4, 5):
        cache.clear()
        with time_machine.travel(at_hour(hour), tick=False):
            seen[hour] = banner(client)
    assert seen[0] == seen[5] == []
    assert all("計画停止を予定しています。" in seen[hour][0] for hour in (1, 3))
    assert "ただいま計画停止中です。" in seen[4][0]
    assert stop.title in seen[4][0]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/status/login/", "/no-such-page/x/", "/admin/login/"])
def test_every_page_tells_of_it(client, path):
    a_stop(clock.now())
    cache.clear()

    told = banner(client, path)
    assert told or path.startswith("/no-such")


@pytest.mark.django_db
def test_a_draft_and_what_has_ended_are_nowhere(client):
    now = clock.now()
    a_stop(now, is_draft=True)
    News.objects.create(
        title="終わったもの", body="文", published_at=now - 2 * HOUR, published_until=now - HOUR
    )
    cache.clear()

    assert banner(client) == []
    assert "お知らせはありません" in client.get("/news/").content.decode()
    for news in News.objects.all():
        assert client.get(f"/news/{news.pk}/").status_code == 404


@pytest.mark.django_db
def test_pages_ask_once_and_then_nothing_for_a_while(client, django_assert_num_queries):
    cache.clear()

    with django_assert_num_queries(1):
        client.get("/faq/")
    with django_assert_num_queries(0):
        client.get("/faq/")


@pytest.mark.django_db
def test_what_staff_write_is_told_at_once(client, django_capture_on_commit_callbacks):
    assert banner(client) == []

    with django_capture_on_commit_callbacks(execute=True):
        stop = a_stop(clock.now())
    assert len(banner(client)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        stop.delete()

    assert banner(client) == []


@pytest.mark.django_db
def test_what_another_process_wrote_is_told_within_seconds(client, monkeypatch):
    monkeypatch.setattr(planned_stops, "drop_after", None)
    monkeypatch.setattr(planned_stops.cache, "delete", lambda key: None)
    planned_stops.keep([])
    a_stop(clock.now())

    assert banner(client) == []
    with time_machine.travel(clock.system_now() + timedelta(seconds=6)):
        assert len(banner(client)) == 1


def test_a_page_that_asks_nothing_else_is_shown_while_the_store_is_away(client, monkeypatch):
    def away(self, **_now):
        raise OperationalError

    monkeypatch.setattr("koss.models.portal.NewsQuerySet.planned_stops", away)
    cache.clear()

    assert client.get("/faq/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"stops_at": "2026-12-02T01:00"}, "計画停止では、開始と終了の両方を入力してください。"),
        (
            {"stops_at": "2026-12-02T01:00", "resumes_at": "2026-12-02T01:00"},
            "開始より後の日時を入力してください。",
        ),
        ({"published_until": "2026-11-30T09:00"}, "公開日時より後の日時を入力してください。"),
        (
            {
                "stops_at": "2026-12-02T01:00",
                "resumes_at": "2026-12-02T05:00",
                "published_until": "2026-12-02T02:00",
            },
            "計画停止が終わるより後の日時を入力してください。",
        ),
        ({}, ""),
    ],
)
def test_staff_are_told_what_is_missing(fields, sentence):
    news = {"title": "停止", "body": "止めます。", "published_at": "2026-12-01T09:00", **fields}

    page = signed_in("operator").post("/admin/koss/news/add/", news)

    assert News.objects.exists() is (not sentence)
    assert sentence in page.content.decode()
