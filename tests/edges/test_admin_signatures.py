"""Electronic signatures as staff see them."""

import pytest

from applications.signatures.checking import check
from applications.signatures.record import keep
from applications.signatures.refusals import Refusal, SignatureRefused
from koss.ground import clock
from tests.practice import signed
from tests.staff import signed_in
from tests.valid_html import problems

CONTENT = b"x"


@pytest.fixture
def page_after(practice, settings, an_application):
    """``page_after(file)``: the application's page with a signature by that certificate."""

    def opened(file):
        application, now, cms = an_application("検査申請受付中"), clock.now(), signed(CONTENT, file)
        try:
            signer, refusal = check(cms, CONTENT, now=now), ""
        except SignatureRefused as refused:
            signer, refusal = refused.signer, refused.refusal
        keep(application, CONTENT, cms, signer=signer, refusal=refusal, now=now)
        settings.DEMO = False  # its pages are not routed here
        client = signed_in("reviewer")
        return client, client.get(f"/admin/applications/application/{application.pk}/change/")

    return opened


def test_a_good_one_with_the_certificates_details(page_after, tmp_path):
    _client, page = page_after("scrivener.p12")
    text = page.content.decode()

    for words in (
        "有効な電子署名",
        "行政書士の電子証明書（練習用）",
        "軽自行政書士事務所",
        "申請者名と一致",
        "失効していません",
        "練習用発行認証局",
    ):
        assert words in text
    assert problems({"page": text}, tmp_path / "pages") == {}


def test_a_substituted_position_is_shown(page_after):
    _client, page = page_after("personal-substituted.p12")

    assert "軽自　太［〓］" in page.content.decode()


def test_a_refused_one_with_its_reason(page_after):
    client, page = page_after("expired.p12")

    assert str(Refusal.EXPIRED.label) in page.content.decode()
    record = client.get("/admin/applications/signature/")
    assert str(Refusal.EXPIRED.label) in record.content.decode()


def test_the_record_shows_the_evidence_and_changes_nothing(page_after):
    client, _page = page_after("scrivener.p12")
    row = client.get("/admin/applications/signature/").context["cl"].result_list[0]
    path = f"/admin/applications/signature/{row.pk}/change/"

    assert "http://ca.renshu.example/issuing.crl" in client.get(path).content.decode()
    assert client.post(path, {}).status_code == 403
