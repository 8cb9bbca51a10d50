"""No input of anybody breaks a page: every field, every cookie, and requests that are no forms."""

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.models import HistoryEntry
from tests.every_page import LIST, UNKNOWN_NUMBER
from tests.signing_in import signs_in
from tests.staff import signed_in
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

NAUGHTY = [
    "",
    " ",
    "　",
    "\x00",
    "\x00\r\n\t\x1b\x7f\x85",
    "\ufeff\u200b\u202e\u2028\u2029",
    "\ud7ff\ue000\ufffd\uffff\U0010ffff",
    "𠮷髙﨑㈱①ｱｲｳ" * 40,
    "e\u0301\u0302\u0303" * 100,
    "👨‍👩‍👧‍👦🇯🇵",
    "１２３４５６７８９０１２３４５６７",
    "٢١١٢٢٣١٠٥٠٠٠٣٠٤٥٩",
    "²³¹⅕ⅷ",
    "-1",
    "1e309",
    "NaN",
    "9" * 5000,
    "あ" * 5000,
    "0.0000000001",
    "'; DROP TABLE applications_application; --",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "{{ 7|add:7 }}{% debug %}",
    "{0.__class__}%s%n%(x)s",
    "../../../../etc/passwd",
    "//evil.example/",
    "javascript:alert(1)",
    "http://[::1",
    "\r\nSet-Cookie: a=b",
    "=cmd|' /C calc'!A0",
    "None",
    "null",
    "true",
    "[]",
    "3.0.",
    "999999999999999999.x",
    "2.abcdef",
    "-5.00000000000000000000000000000000",
]  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(NAUGHTY),
    st.text(max_size=80),
    st.from_regex(r"[0-9０-９ -]{0,20}", fullmatch=True),
)


FORM = "application/x-www-form-urlencoded"


class Counter(Client):
    """A client that counts, and takes no answer that says the portal broke."""

    asked = 0

    def request(self, **request):
        response = super().request(**request)
        self.asked += 1
        assert response.status_code < 500, request["PATH_INFO"]
        return response


@pytest.fixture
def case(an_application):
    """Somebody signed in where every form of an applicant is open: (visitor, path)."""
    visitor = Visitor(Counter())
    application = an_application("検査申請補正待ち", fields_to_correct=("plate", "user_name"))
    path = signs_in(visitor, application)
    yield visitor, path
    # Nothing of it was taken for a press of a form.
    assert HistoryEntry.objects.filter(application=application, actor="applicant").count() == 0


def fields(visitor, path):
    """Every field of an applicant: (method, path, its name, what the form needs beside it)."""
    visitor.opens("/status/login/")
    visitor.fills("受付番号（到達番号）", UNKNOWN_NUMBER)
    visitor.presses("次へ")
    correction = {
        "plate": "品川580さ1234",
        "user_name": "軽自 太郎",
        "request_key": "3.x",
        "version": "0",
    }
    return [
        ("post", "/status/login/", "receipt_number", {}),
        ("post", visitor.path, "password", {}),
        ("post", f"{path}withdrawal/", "request_key", {}),
        ("post", f"{path}correction/review/", "request_key", correction),
        *(
            ("post", f"{path}correction/{page}", name, correction)
            for page in ("", "review/")
            for name in ("plate", "user_name", "request_key", "version", "add", "remove")
        ),
        ("post", "/text-size/", "size", {"next": "/"}),
        ("post", "/text-size/", "next", {"size": "m"}),
        ("get", "/news/", "page", {}),
        ("get", "/admin/login/", "next", {}),
    ]


def test_no_field_breaks_on_naughty_strings(case):
    visitor, path = case

    for method, page, name, others in fields(visitor, path):
        for text in NAUGHTY:
            getattr(visitor.client, method)(page, others | {name: text})

    assert visitor.client.asked > 500


def test_no_field_breaks_on_anything(case):
    visitor, path = case

    @settings(max_examples=200)
    @given(field=st.sampled_from(fields(visitor, path)), text=TEXT)
    def walk(field, text):
        method, page, name, others = field
        getattr(visitor.client, method)(page, others | {name: text})

    walk()


def test_no_cookie_breaks_a_page(case):
    _visitor, path = case

    for name in (
        "sessionid",
        "koss_open_x",
        "koss_typed_x",
        "csrftoken",
        "koss_device",
        "text_size",
        "scheme",
        "messages",
    ):
        for text in ("", "x", "..", "a:b:c", "é".encode().decode("latin-1"), "9" * 4000):
            client = Counter()
            client.cookies[name] = text
            client.get("/faq/")
            client.get(path)
            client.post("/status/login/", {"receipt_number": "1"})


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"receipt_number=%ff%fe%00", FORM),
        (b"\xff\xfe\x00", FORM),
        (b"receipt_number=1&" * 2000, FORM),
        (b"receipt_number=" + b"1" * 3_000_000, FORM),
        (b"receipt_number=1", "text/plain"),
        (b"{", "application/json"),
        (b"--b\r\nContent-Disposition: form-data", "multipart/form-data; boundary=b"),
        (b"", "multipart/form-data"),
        (b"receipt_number=1", f"{FORM}; charset=no-such"),
    ],
    ids=lambda value: value[:20] if isinstance(value, bytes) else None,
)
def test_no_body_breaks_a_page(case, body, kind):
    visitor, path = case

    for page in ("/status/login/", f"{path}correction/", f"{path}withdrawal/", "/text-size/"):
        visitor.client.generic("POST", page, body, kind)


@pytest.mark.parametrize("name", ["q", "status__exact", "deadline", "work", "office", "o", "p"])
def test_no_question_to_the_list_breaks_it(an_application, name):
    an_application("検査申請審査中")
    client = signed_in("reviewer")

    for text in NAUGHTY:
        assert client.get(LIST, {name: text}).status_code < 500


def test_the_staff_login_takes_anything():
    client = Counter()

    for text in [*NAUGHTY[:12], "あ" * 200]:
        response = client.post("/admin/login/", {"username": text, "password": text})
        assert response.status_code in {200, 400}
