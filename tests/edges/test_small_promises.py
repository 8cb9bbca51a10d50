"""What every site promises: HEAD, well-known addresses, a feed, machine-readable moments."""

import gzip
import io
import re
from datetime import timedelta
from http.client import OK
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from koss.ground import clock
from koss.ground.handler import Handler
from koss.models import News
from tests.signing_in import signs_in

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("path", ["/", "/status/login/", "/payment/login/", "/codes/issue/"])
def test_head_is_answered_as_get(client, path):
    response = client.head(path)
    assert response.status_code == 200
    assert not response.content


def test_head_where_there_is_nothing_to_read(client):
    assert client.head("/no-such-page/").status_code == 404
    assert client.head("/text-size/").status_code == 405


def test_addresses_that_browsers_ask_for(client):
    assert client.get("/favicon.ico")["Location"].startswith("/static/koss/favicon")
    assert "Disallow: /status/" in client.get("/robots.txt").content.decode()
    assert client.get("/.well-known/change-password")["Location"] == "/mypage/login/"


def test_search_engines_are_told_what_a_page_is_for(client):
    pages = [client.get(path).content.decode() for path in ("/", "/glossary/", "/security/")]
    said = [re.findall(r'<meta name="description" content="([^"]+)">', page) for page in pages]

    assert [len(each) for each in said] == [1, 1, 1]
    assert len({each for [each] in said}) == 3


def test_where_to_tell_of_a_fault(client, settings):
    settings.KOSS_CONTACT_EMAIL = ""
    told = dict(
        line.split(": ", 1)
        for line in client.get("/.well-known/security.txt").content.decode().splitlines()
    )
    assert told["Contact"] == f"{settings.KOSS_ORIGIN}/contact/"
    assert clock.system_now().isoformat() < told["Expires"]
    settings.KOSS_CONTACT_EMAIL = "help@oss.example"
    assert "mailto:help@oss.example" in client.get("/.well-known/security.txt").content.decode()


def test_moments_for_machines(client):
    news = News.objects.create(title="題", body="文", published_at=clock.now())
    for path in ("/", "/news/", f"/news/{news.pk}/"):
        [moment] = re.findall(r'<time datetime="([^"]+)"', client.get(path).content.decode())
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00", moment)


def test_pages_are_compressed_and_their_lengths_tell_nothing(client):
    answers = [client.get("/faq/", headers={"accept-encoding": "gzip"}) for _ in range(8)]

    plain = client.get("/faq/").content
    assert all(len(answer.content) * 3 < len(plain) for answer in answers)
    assert "よくあるご質問" in gzip.decompress(answers[0].content).decode()
    assert len({len(answer.content) for answer in answers}) > 1


class TestFeed:
    @pytest.fixture(autouse=True)
    def news(self):
        at = clock.now() - timedelta(days=1)
        return News.objects.create(title="<重要> 停止 & 再開", body="<重要>\n一行", published_at=at)

    def test_text_survives(self, client):
        feed = ElementTree.fromstring(client.get("/news/feed/").content)
        entry = feed.find(f"{ATOM}entry")
        assert entry.find(f"{ATOM}title").text == "<重要> 停止 & 再開"
        summary = entry.find(f"{ATOM}summary")
        assert (summary.get("type"), summary.text) == ("text", "<重要>\n一行")

    def test_what_the_standard_requires(self, client, settings):
        """RFC 4287, 4.1: an author, and one id, title and updated for the feed and each entry."""
        feed = ElementTree.fromstring(client.get("/news/feed/").content)
        assert feed.find(f"{ATOM}author/{ATOM}name").text == settings.KOSS_OPERATOR
        for part in (feed, feed.find(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                assert len(part.findall(ATOM + name)) == 1
        assert feed.find(f"{ATOM}entry/{ATOM}id").text.startswith(settings.KOSS_ORIGIN)
        assert feed.find(f"{ATOM}link[@rel='self']") is not None

    def test_a_reader_that_has_it_gets_nothing(self, client, news):
        first = client.get("/news/feed/")
        assert first.status_code == OK
        known = {"If-None-Match": first["ETag"]}
        assert client.get("/news/feed/", headers=known).status_code == 304
        since = {"If-Modified-Since": first["Last-Modified"]}
        assert client.get("/news/feed/", headers=since).status_code == 304
        news.title = "新"
        news.save()
        assert client.get("/news/feed/", headers=known).status_code == 200


def test_the_calendar_rings_in_the_morning(visitor, an_application):
    application = an_application("検査申請補正待ち")
    path = signs_in(visitor, application)

    response = visitor.client.get(f"{path}deadline.ics")

    assert application.receipt_number not in response["Content-Disposition"]
    [event] = Calendar.from_ical(response.content).walk("VEVENT")
    midnight = clock.at(event["DTSTART"].dt)
    rings = [midnight + alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
    assert [(moment.hour, moment.minute) for moment in rings] == [(9, 0), (9, 0)]
    assert [(midnight.date() - moment.date()).days for moment in rings] == [1, 3]


@pytest.mark.parametrize(("length", "status"), [(10, "200 OK"), (3_000_000, "413 ")])
def test_a_form_in_chunks(length, status):
    told = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/status/login/",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "HTTP_COOKIE": f"csrftoken={'a' * 32}",
        "wsgi.input": io.BytesIO(
            f"csrfmiddlewaretoken={'a' * 32}&receipt_number={'1' * length}".encode()
        ),
        "wsgi.url_scheme": "http",
    }
    page = Handler()(environ, lambda code, headers: told.append(code))

    assert told[0].startswith(status)
    assert length > 10 or "17桁" in b"".join(page).decode()
