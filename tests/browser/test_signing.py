"""Signing in the page: Chromium opens the file and signs; OpenSSL and the portal agree with it."""

import mimetypes
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from csp.utils import build_policy
from django import forms
from django.conf import settings
from django.template.loader import render_to_string

from applications.signatures import checking
from applications.signatures.sandbox import authority
from applications.signatures.sandbox.samples import PIN
from tests.practice import home

pytestmark = pytest.mark.browser

SECURE, INSECURE = "http://localhost:8320", "http://koss.example"
CONTENT = "申請者名：軽自行政書士事務所\n使用者名：軽自　太郎\n".encode() * 500
NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
STATIC = Path(settings.BASE_DIR) / "static"


class Form(forms.Form):
    signature = forms.FileField(label="署名ファイル")


class Page:
    """A page with nothing but the part that signs, under the portal's own content policy."""

    def __init__(self, chromium, origin=SECURE, *, script=True):
        self.context = chromium.new_context(java_script_enabled=script, locale="ja-JP")
        self.context.set_default_timeout(10_000)
        self.complaints, self.sent = [], []
        self.page = self.context.new_page()
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.route("**/*", self._answer)
        self.page.goto(f"{origin}/sign/")

    def _answer(self, route):
        path = route.request.url.split("/", 3)[3]
        if route.request.method != "GET":
            self.sent.append(path)
        if path == "sign/":
            part = render_to_string(
                "applications/signatures/_sign.html", {"form": Form(), "content_url": "/content"}
            )
            body = (
                "<!doctype html><html lang=ja><title>署名</title>"
                f"<form method=post enctype=multipart/form-data>{part}</form>"
            )
            headers = {"Content-Security-Policy": build_policy()}
            route.fulfill(body=body, content_type="text/html; charset=utf-8", headers=headers)
        elif path == "content":
            route.fulfill(body=CONTENT, content_type="text/plain; charset=utf-8")
        elif path.startswith("static/"):
            file = STATIC / path.removeprefix("static/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file)[0])
        else:
            route.fulfill(status=404)

    def signs(self, file, pin=PIN):
        self.page.set_input_files("#sign-file", authority.directory(home()) / "p12" / file)
        self.page.fill("#sign-pin", pin)
        self.page.get_by_role("button", name="署名する").click()

    def says(self, words):
        self.page.get_by_role("status").get_by_text(words, exact=False).wait_for()

    @property
    def signature(self):
        """The file in the field that is sent."""
        numbers = self.page.evaluate(
            """async () => {
              const [file] = document.getElementById("id_signature").files;
              return file ? [...new Uint8Array(await file.arrayBuffer())] : null;
            }"""
        )
        return numbers and bytes(numbers)


@pytest.fixture
def a_page(chromium):
    pages = []

    def come(*given, **options):
        pages.append(Page(chromium, *given, **options))
        return pages[-1]

    yield come
    for page in pages:
        page.context.close()
    assert [complaint for page in pages for complaint in page.complaints] == []


@pytest.mark.parametrize("file", ["personal.p12", "corporate.p12", "scrivener.p12"])
def test_what_the_page_signs_others_believe(a_page, practice, tmp_path, file):
    """personal.p12 is encrypted with AES, corporate.p12 in the old way with 3DES."""
    page = a_page()

    page.signs(file)
    page.says("署名しました。")

    signature = page.signature
    assert check(signature, CONTENT, now=NOW, names=["軽自 太郎", "六本木商事"]).practice
    assert believed_by_openssl(signature, tmp_path)
    assert (page.page.input_value("#sign-pin"), page.sent) == ("", [])


def test_a_file_of_the_oldest_kind(a_page, practice, tmp_path):
    """RC2 with 40 bits, as old programs still write it."""
    old = authority.directory(home()) / "p12" / "scrivener.p12"
    pem, p12 = tmp_path / "c.pem", tmp_path / "rc2.p12"
    openssl("pkcs12", "-in", old, "-passin", f"pass:{PIN}", "-nodes", "-out", pem)
    openssl(
        *("pkcs12", "-export", "-legacy", "-in", pem, "-certpbe", "PBE-SHA1-RC2-40"),
        *("-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1", "-passout", f"pass:{PIN}", "-out", p12),
    )
    page = a_page()

    page.signs(p12)
    page.says("署名しました。")

    assert check(page.signature, CONTENT, now=NOW).organisation == "軽自行政書士事務所"


def test_what_can_go_wrong_is_said(a_page, tmp_path):
    page = a_page()
    page.page.get_by_role("button", name="署名する").click()
    page.says("電子証明書のファイルを選んでください。")
    page.signs("personal.p12", "wrong")
    page.says("PINが違うため、ファイルを開けません。")
    nothing = tmp_path / "nothing.p12"
    nothing.write_bytes(b"nothing of the kind")
    page.signs(nothing)
    page.says("電子証明書と鍵の入ったファイルではありません。")

    assert page.signature is None


def test_enter_in_the_field_of_the_pin_signs_and_sends_nothing(a_page):
    page = a_page()
    page.page.set_input_files("#sign-file", authority.directory(home()) / "p12" / "personal.p12")
    page.page.fill("#sign-pin", PIN)
    page.page.press("#sign-pin", "Enter")
    page.says("署名しました。")

    assert page.sent == []


def test_without_scripts_the_other_way_is_open(a_page):
    page = a_page(script=False).page

    assert not page.get_by_role("button", name="署名する").is_visible()
    assert page.get_by_text("openssl cms -sign -binary").is_visible()
    assert page.get_by_role("link", name="署名する内容をダウンロードする").is_visible()


def test_without_encryption_on_the_way_it_says_so(a_page):
    page = a_page(INSECURE)

    page.says("暗号化されていない通信")
    assert page.page.locator("#sign-pin").is_disabled()


def check(signature, content, **how):
    """In a thread of its own: while Playwright runs, this one belongs to its event loop."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(checking.check, signature, content, **how).result()


def believed_by_openssl(signature, place):
    file, content, roots = place / "s.p7s", place / "content", place / "roots.pem"
    file.write_bytes(signature)
    content.write_bytes(CONTENT)
    anchors = authority.directory(home()) / "anchors"
    roots.write_bytes(b"".join(each.read_bytes() for each in sorted(anchors.iterdir())))
    openssl(
        *("cms", "-verify", "-binary", "-inform", "DER", "-in", file, "-content", content),
        *("-CAfile", roots, "-purpose", "any", "-ignore_critical", "-out", place / "out"),
    )
    return (place / "out").read_bytes() == CONTENT


def openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
