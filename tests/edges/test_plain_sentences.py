"""やさしい日本語: other sentences on screens that decide something, and Japanese around them."""

import pytest
from django.conf import settings
from django.utils import translation

from koss.mail import outbox
from koss.models import OutgoingMail
from koss.portal.search import index
from tests import pages
from tests.signing_in import signs_in

pytestmark = pytest.mark.django_db

PLAIN = settings.PLAIN_JAPANESE


def chooses_it(visitor):
    """Press the button of the header, on the page that is open."""
    before = visitor.path
    visitor.presses("やさしい日本語")
    assert visitor.response.redirect_chain == [(before, 302)]
    visitor.opens(before)


def html_of(visitor):
    [html] = visitor.page.all("html")
    return html


def test_the_header_leads_to_it_and_back_at_the_same_address(visitor):
    visitor.opens("/statuses/?a=1")
    assert [each.text for each in visitor.page.all("button") if each["name"] == "language"] == [
        "やさしい日本語",
        "English",
    ]

    visitor.client.post("/language/", {"language": PLAIN, "next": "/statuses/?a=1"})
    visitor.opens("/statuses/?a=1")

    assert html_of(visitor)["lang"] == visitor.response["Content-Language"] == PLAIN
    visitor.presses("日本語")
    assert visitor.response.redirect_chain == [("/statuses/?a=1", 302)]
    assert html_of(visitor)["lang"] == "ja"


def test_a_browser_that_asks_for_japanese_gets_japanese(client):
    for asked in ("ja", "ja-JP,ja;q=0.9", "ja-Hira"):
        assert client.get("/", HTTP_ACCEPT_LANGUAGE=asked)["Content-Language"] == "ja"


def test_withdrawing_is_asked_in_it_and_labels_stay(visitor, an_application):
    signs_in(visitor, an_application("検査申請補正待ち"))
    chooses_it(visitor)
    visitor.sees("申請の内容を直してください。または、申請を取り下げて（やめて）ください。")
    visitor.sees("検査申請補正待ち", "補正期限", "申請を補正する")

    visitor.opens(f"{visitor.path}withdrawal/")

    visitor.sees("「OK」を押したあとは、元に戻せません。", "受付番号")
    assert "koss-beside" not in visitor.html
    visitor.presses("OK")
    visitor.sees("取り下げ（申請をやめること）が終わります。")


def test_a_correction_is_reviewed_in_it(visitor, an_application):
    order = {"plate": "品川 - 580 - さ - 1234", "fields_to_correct": ("plate",)}
    signs_in(visitor, an_application("検査申請補正待ち", **order))
    chooses_it(visitor)
    visitor.presses("申請を補正する")
    visitor.sees("直せるのは、補正（内容を直すこと）の指示にある項目と")
    visitor.presses("補正内容を確認する")
    visitor.sees("まだ何も変わっていません。")

    visitor.fills("車両番号", "品川５８０さ１２３５")
    visitor.presses("補正内容を確認する")

    visitor.sees("次の内容で補正（内容を直すこと）を申請します。送ったあとは、直せません。")


@pytest.mark.usefixtures("bank")
def test_what_paying_is_consent_to_is_said_in_it(visitor, an_application):
    signs_in(visitor, an_application("検査手数料等納付待ち", annual_tax_confirmed=False))
    chooses_it(visitor)
    visitor.presses("納付")

    visitor.sees_in_order("滞納（税金を払っていないこと）がない", "払うのは一度だけにしてください")


def test_a_mail_that_asks_for_something_is_in_it(an_application):
    with translation.override(PLAIN):
        an_application("検査申請審査中", email="a@gyosei.example")

    mail = OutgoingMail.objects.get(template="payment_due")
    _subject, body = outbox.read(mail)

    assert mail.language == PLAIN
    assert "「個別納付」のときは、「申請状況の照会を行う」からログインしてください。" in body


def test_everything_else_is_as_in_japanese(client):
    def read(language):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        [main] = pages.read(client.get("/faq/").content.decode()).all("main")
        return main.text

    assert read(PLAIN) == read("ja")


def test_no_index_of_its_own_is_searched():
    with translation.override("ja"):
        japanese = index.of_language()
    with translation.override(PLAIN):
        assert index.of_language() is japanese
