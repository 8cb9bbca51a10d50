"""The gate: what is no text is answered with 400 and a page, wherever it stands."""

import io
import json
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from koss.ground import clock, signs
from koss.ground.handler import Handler
from koss.models import News
from payments.demo import payers
from tests.page_faults import faults
from tests.signing_in import signs_in_to_my_page
from tests.staff import signed_in, text_of
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
BAD = "送られた内容を読み取れませんでした"


def refused(response):
    """Whether it is the whole page for what cannot be read."""
    html = response.content.decode()
    return response.status_code == 400 and BAD in html and not faults(html)


@pytest.mark.parametrize(
    "path",
    [
        *("/%00", "/faq/%1b", "/%ff", "/%ed%a0%80/", "/%c2%85", "/%ef%bf%bf", "/news/%0a"),
        *("/?q=%00", "/?q=%1b", "/?q=%ff", "/?%01=1", "/?q=%ed%b0%80", "/?q=%f4%90%80%80"),
        *("/static/koss/%00", "/admin/login/?next=%1b", "/health/?%7f"),
    ],
)
def test_addresses(client, path):
    assert refused(client.get(path))


@pytest.mark.parametrize("path", ["/?q=%E6%98%A5%0A%09x", "/?q=%F0%A0%AE%B7", "/?q=%E2%80%8D"])
def test_text_passes(client, path):
    assert client.get(path).status_code == 200


def sent(content_type, method="GET", body=b"", query="q=1"):
    """(status line, page) of a request as the web server hands it over.

    Django's own test client fails before any middleware runs, as Django does.
    """
    told = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/status/login/",
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    answer = Handler()(environ, lambda status, headers: told.append(status))
    return told[0], b"".join(answer).decode()


@pytest.mark.parametrize(
    "parameter",
    [
        *("charset=zlib", "charset=shift_jis", "charset=utf-16", "charset=no-such", "charset=hex"),
        *("charset*=zlib''a%20b", "charset=\x00", "charset=", "charset=utf-8\xff"),
    ],
)
def test_other_charsets(parameter):
    for method, kind in [("GET", FORM), ("POST", FORM), ("GET", "text/plain"), ("POST", "x/y")]:
        status, page = sent(f"{kind}; {parameter}", method, b"a=1")
        assert status == "400 Bad Request"
        assert BAD in page


@pytest.mark.parametrize(
    "kind", ["", FORM, f"{FORM}; charset=UTF-8", 'text/plain; charset="utf-8"']
)
def test_the_one_charset(kind):
    assert sent(kind)[0] == "200 OK"


def test_more_fields_than_any_form_has():
    assert sent(f"{FORM}; charset=utf-8", query="a=1&" * 2000)[0] == "400 Bad Request"


@pytest.mark.parametrize(
    "name", ["sessionid", "csrftoken", "koss_device", "text_size", "scheme", "other"]
)
@pytest.mark.parametrize("value", [r'"\000"', r'"a\033b"', "\x85", "\xff"])
def test_cookies(name, value):
    client = Client(headers={"Cookie": f"{name}={value}"})
    for path in ("/", "/status/x/", "/admin/login/"):
        assert refused(client.get(path))


def test_other_headers():
    assert refused(Client(headers={"User-Agent": "a\x00b"}).get("/"))
    assert Client(headers={"User-Agent": "a\tb \xe9"}).get("/").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        *(b"receipt_number=%00", b"receipt_number=a%1Bb", b"receipt_number=%ff", b"%01=1"),
        *(b"receipt_number=%ed%a0%80", b"receipt_number=%C2%80", b"receipt_number=\xff"),
    ],
)
def test_fields(client, body):
    assert refused(client.generic("POST", "/status/login/", body, FORM))


def test_fields_in_parts(client):
    def parts(head, value):
        return (
            b'--b\r\nContent-Disposition: form-data; name="' + head + b"\r\n\r\n" + value
        ) + b"\r\n--b--\r\n"

    for head, value in [
        (b'receipt_number"', b"a\x00b"),
        (b'receipt_number"', b"\xff"),
        (b'\x01"', b"1"),
    ]:
        body, kind = parts(head, value), "multipart/form-data; boundary=b"
        assert refused(client.generic("POST", "/status/login/", body, kind)), head


@pytest.mark.usefixtures("bank")
def test_a_batch_file_with_half_a_sign():
    visitor = Visitor()
    payers.make(clock.now())
    path = signs_in_to_my_page(visitor)
    content = dict.fromkeys(("issuer", "payment_user_id", "issued_on", "expires_on"), "\ud800")
    content |= {"version": 1, "signature": "\ud800"}
    file = SimpleUploadedFile("file.json", json.dumps(content).encode())

    response = visitor.client.post(f"{path}batch-file/check/", {"file": file})

    assert response.status_code == 200
    assert "読み取れません" in text_of(response)


@pytest.mark.parametrize("text", ["a\x1bb", "\x00", "a\ud800", "\uffff", "\x85"])
def test_news_with_a_control_sign(text):
    """A form refuses it; what is stored all the same does not take the feed from everybody."""
    with pytest.raises(signs.ValidationError):
        News(title="題", body=text, published_at=clock.now()).full_clean()
    if "\x00" in text or "\ud800" in text:
        return  # no database keeps these
    News.objects.create(title="題", body=f"前{text}後", published_at=clock.now())

    response = Client().get("/news/feed/")

    assert "前" in ElementTree.fromstring(response.content.decode()).find(".//{*}summary").text


def test_news_in_the_admin():
    client = signed_in("operator")
    fields = {"title": "題", "body": "a\x1bb", "published_at": "2026-01-01T00:00"}

    assert refused(client.post("/admin/koss/news/add/", fields))
    assert News.objects.count() == 0


def test_what_lines_may_hold():
    assert signs.is_text("a\tb\r\nc", lines=True)
    assert not signs.is_text("a\tb")
    assert signs.without("a\x00\x1bb\nc\ufffe") == "ab\nc"
