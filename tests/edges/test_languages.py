"""In which language somebody reads, and what stays Japanese beside it."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation

from applications.models import Application
from koss.bulk import english
from koss.ground import clock
from koss.mail import outbox
from koss.models import News, OutgoingMail
from tests import pages

pytestmark = pytest.mark.django_db

_BERLIN = {"HTTP_ACCEPT_LANGUAGE": "de,en;q=0.7,ja;q=0.3"}


def heading(response):
    [found] = pages.read(response.content.decode()).all("h1")
    return found.text


def language_of(response):
    [html] = pages.read(response.content.decode()).all("html")
    return html["lang"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [("", "ja"), ("ja", "ja"), ("en-GB,en;q=0.9", "en"), ("de,en;q=0.7,ja;q=0.3", "en"),
     ("de", "ja"), ("*", "ja"), ("xx-\0,,;q=", "ja")],
)  # fmt: skip
def test_the_first_visit_is_as_the_browser_asks(client, asked, language):
    response = client.get("/faq/", HTTP_ACCEPT_LANGUAGE=asked)

    assert language_of(response) == response["Content-Language"] == language
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))
    assert translation.get_language() == settings.LANGUAGE_CODE


def test_who_chooses_a_language_reads_on_in_it_at_the_same_address(client):
    response = client.post("/language/", {"language": "en", "next": "/news/?page=1"})

    assert (response.status_code, response["Location"]) == (302, "/news/?page=1")
    assert language_of(client.get("/news/", HTTP_ACCEPT_LANGUAGE="ja")) == "en"

    client.post("/language/", {"language": "ja", "next": "/"})
    assert language_of(client.get("/news/", **_BERLIN)) == "ja"


@pytest.mark.parametrize(
    ("chosen", "place"), [("xx", "/"), ("", "/"), ("en", "https://other.example/")]
)
def test_neither_an_unknown_language_nor_another_site(client, chosen, place):
    response = client.post("/language/", {"language": chosen, "next": place})

    assert response["Location"] == "/"
    assert bool(response.cookies.get(settings.LANGUAGE_COOKIE_NAME)) is (chosen == "en")


def test_the_official_label_stands_beside_the_english_one(client):
    html = client.get("/codes/issue/", **_BERLIN).content.decode()

    assert '<h1>Issue a QR code <span class="koss-beside" lang="ja">二次元コード発行</span>' in html
    button = pages.read(html).all("button")
    assert any(each.text == "Issue QR code 二次元コードを発行する" for each in button)
    assert heading(client.get("/codes/issue/")) == "二次元コード発行"


@pytest.mark.parametrize("path", ["/no-such-page/", "/?q=\0"])
def test_pages_of_mishaps_speak_it_too(client, path):
    assert language_of(client.get(path, **_BERLIN)) == "en"


def test_programs_read_japanese_beside_codes(client):
    refused = client.get("/api/v1/applications", **_BERLIN).json()

    assert refused["detail"] != refused["detail_en"]
    assert refused["detail_en"].isascii()
    assert not refused["detail"].isascii()


def test_a_fault_of_a_row_is_said_as_the_catalogue_says_it():
    field = Application._meta.get_field("applicant_name").formfield()
    with pytest.raises(ValidationError) as caught:
        field.clean("")

    [(japanese, in_english)] = english.both(caught.value)

    assert japanese != in_english
    assert in_english.isascii()


def test_mails_of_an_application_are_in_the_language_it_was_sent_in(an_application):
    with translation.override("en"):
        an_application("検査申請審査中", email="a@gyosei.example")

    subject, body = outbox.read(OutgoingMail.objects.get(template="payment_due"))

    assert subject.startswith("Pay your taxes and fees")
    assert "One-stop service for light motor vehicles" in body


def test_news_are_english_where_they_have_it(client):
    now = clock.now()
    News.objects.create(title="停止", body="夜", title_en="Stop", body_en="Night", published_at=now)
    only = News.objects.create(title="案内", body="朝", published_at=now)

    html = client.get("/news/", **_BERLIN).content.decode()

    assert 'lang="en">Stop</a>' in html
    assert f'<a href="/news/{only.pk}/" lang="ja">案内</a>' in html
    with pytest.raises(ValidationError, match="英語"):
        News(title="停止", body="夜", title_en="Stop", published_at=now).full_clean()
