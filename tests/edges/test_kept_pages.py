"""Pages that are the same for everybody are drawn once, and never show what is no longer so."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from applications.models import Office
from koss.ground import clock, drawn
from koss.models import News
from koss.portal import kept_pages

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')
AN_OFFICE = "東京主管事務所"


@pytest.fixture(autouse=True)
def _kept(monkeypatch):
    monkeypatch.setattr(drawn, "KEEPS", True)
    kept_pages.drop()
    yield
    kept_pages.drop()


def text(client, path="/", **headers):
    return client.get(path, headers=headers).content.decode()


def news(title, **fields):
    return News.objects.create(title=title, body="本文", **{"published_at": clock.now()} | fields)


@pytest.mark.parametrize("path", ["/", "/faq/", "/glossary/", "/news/", "/service-area/"])
def test_it_is_the_page_that_would_be_drawn(client, path, django_assert_num_queries):
    first = text(client, path)
    with django_assert_num_queries(0):
        again = text(client, path)
    kept_pages.drop()

    assert TOKEN.sub("", again) == TOKEN.sub("", first) == TOKEN.sub("", text(client, path))


def test_everybody_has_a_token_of_their_own_that_is_taken():
    tokens = {}
    for name in ("one", "other"):
        browser = Client(enforce_csrf_checks=True)
        [token, *_same] = tokens[name] = TOKEN.findall(text(browser))
        form = {"size": "l", "next": "/", "csrfmiddlewaretoken": token}
        assert browser.post("/text-size/", form).status_code == 302
        assert 'data-size="l"' in text(browser)
    assert not set(tokens["one"]) & set(tokens["other"])


def test_each_language_and_address_has_a_page_of_its_own(client):
    assert '<html lang="ja"' in text(client)
    assert '<html lang="en"' in text(client, **{"Accept-Language": "en"})
    assert 'value="/?a=1"' in text(client, "/?a=1")


def test_what_staff_write_shows_at_once(client, django_capture_on_commit_callbacks):
    text(client), text(client, "/service-area/")
    with django_capture_on_commit_callbacks(execute=True):
        item = news("新しい題")
        office = Office.objects.get(name=AN_OFFICE)
        office.name = "新しい事務所"
        office.save()
    assert "新しい題" in text(client)
    assert "新しい事務所" in text(client, "/service-area/")
    with django_capture_on_commit_callbacks(execute=True):
        item.delete()
    assert "新しい題" not in text(client)


def test_what_another_process_wrote_shows_within_seconds(client):
    now = clock.now()
    with time_machine.travel(now, tick=False) as at:
        text(client)
        news("よそで書いた題")
        assert "よそで書いた題" not in text(client)
        at.shift(timedelta(seconds=5))
        assert "よそで書いた題" in text(client)
