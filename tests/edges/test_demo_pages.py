"""The demo page: what a newcomer presses, and that nobody finds it elsewhere."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12
from django.db import transaction
from django.test import override_settings

from applications.demo.samples import FIRST, MANUAL_NUMBER
from applications.models import Application
from applications.practice import values
from applications.status import Status
from koss import urls
from koss.demo import urls as demo_urls
from koss.demo import world
from koss.ground import clock
from koss.models import DemoAccount, DemoClock, NightRun
from tests import crawler, pages, practice
from tests.visitor import Visitor

# As in demo mode, whose addresses exist only there.
urlpatterns = [*urls.urlpatterns, urls.path("demo/", urls.include(demo_urls))]


def every_page(client):
    """All pages of the list of applications, the first without a search."""
    found = [pages.read(client.get("/demo/").text)]
    while True:
        number = len(found)
        page = pages.read(client.get(f"/demo/?status=&page={number}").text)
        found.append(page)
        if not any(f"page={number + 1}" in link["href"] for link in page.all("a")):
            return found


in_demo_mode = [pytest.mark.django_db, pytest.mark.urls(__name__)]
MANUAL_OPENS = "申請の画面を開く 2112 2310 5000 30459"


@pytest.fixture(scope="module")
def the_world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEMO=True, ROOT_URLCONF=__name__):
            world.load(now=clock.now())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def newcomer(the_world, settings, visitor):
    settings.DEMO = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "koss.demo.middleware.hold_clock"]
    visitor.opens("/")
    visitor.presses("お試し用の受付番号とパスワード")
    return visitor


class TestTheList:
    pytestmark = in_demo_mode

    def test_it_shows_every_account_by_its_status(self, newcomer):
        newcomer.sees("デモ環境", "shinsei-2024", "Demo-pass-2024", "madoguchi")
        newcomer.sees_in_order("まず試す", "手引の画面と同じ申請", "申請を探す", "デモの時計")
        said = " ".join(page.text for page in every_page(newcomer.client))
        for account in DemoAccount.objects.all():
            assert account.shows in said

    def test_it_shows_every_value_that_can_be_typed(self, newcomer):
        for each in values.TABLE:
            newcomer.sees(" ".join(each.typed.split()), str(each.shows))

    def test_the_page_is_short(self, newcomer):
        """The first ones and no others, until somebody looks for them."""
        assert newcomer.page.text.count("申請の画面を開く") == len(FIRST)

    @pytest.mark.parametrize(
        ("asked", "hits"),
        [
            ("procedure=new_vehicle&status=ready_to_issue", ["新車", "交付準備完了"]),
            ("purpose=login", ["ロックまであと1回", "ログイン画面"]),
            ("purpose=deadline&procedure=continued_inspection", ["補正期限の最終日"]),
            ("purpose=withdraw&status=fees_in_batch", ["納付番号取得前"]),
        ],
    )
    def test_it_is_found_by_status_and_purpose(self, newcomer, asked, hits):
        newcomer.opens(f"/demo/?{asked}")
        newcomer.sees_in_order("見つかった申請", *hits)

    @pytest.mark.parametrize("asked", ["status=nonsense", "page=99999", "status=&x=1"])
    def test_nonsense_finds_nothing_and_is_no_fault(self, newcomer, asked):
        assert newcomer.client.get(f"/demo/?{asked}").status_code == 200

    def test_without_a_script(self, newcomer):
        newcomer.typed["status"] = "received"
        newcomer.presses(f"{DemoAccount.objects.count()}件から探す")
        newcomer.sees("見つかった申請", "検査申請受付中", "受け付けたばかりの申請")
        newcomer.does_not_see("条件に合う申請はありません")

    def test_what_is_not_there_is_said(self, newcomer):
        newcomer.opens("/demo/?procedure=new_vehicle&status=returned")
        newcomer.sees("条件に合う申請はありません")

    def test_it_hands_out_certificates_and_says_what_the_bad_ones_are(self, newcomer, settings):
        settings.DATA_DIR = practice.home()
        newcomer.sees(
            "練習用の電子証明書",
            "renshu-2024",
            "商業登記に基づく電子証明書：六本木商事 軽自 太郎",
            "電子証明書の有効期限が切れています。",
        )
        response = newcomer.client.get("/demo/certificates/scrivener.p12")
        file = b"".join(response.streaming_content)
        assert pkcs12.load_key_and_certificates(file, b"renshu-2024")[0]
        assert newcomer.client.get("/demo/certificates/..%2Fform").status_code == 404

    def test_it_leads_through_applying(self, newcomer):
        newcomer.sees_in_order(
            *("「申請を行う」を5分で試す", "personal.p12（軽自 太郎）", "renshu-2024", "継続検査"),
            *("AX01-0000001", "書類を持つシステムの設定画面", "shinsa", "受付チェックを完了する"),
            *("審査を完了する", "madoguchi", "【練習用】", "署名が受け付けられない証明書"),
        )
        newcomer.presses("申請を行う")
        newcomer.sees("手続種別")

    def test_it_asks_four_questions(self, newcomer, django_assert_num_queries):
        # the clock, the accounts, their applications, the nights
        with django_assert_num_queries(4):
            newcomer.opens("/demo/")

    def test_one_press_opens_an_application(self, newcomer):
        newcomer.presses(MANUAL_OPENS)
        newcomer.sees("現在の申請状況", "検査申請補正待ち", "2112 2310 5000 30459")
        assert newcomer.path.startswith("/status/")

    def test_what_was_opened_can_be_withdrawn(self, newcomer):
        newcomer.presses(MANUAL_OPENS)
        newcomer.presses("申請を取り下げる")
        newcomer.presses("OK")
        newcomer.sees("検査申請取り下げ中")

    def test_a_list_gone_stale_does_no_harm(self, newcomer):
        other = Visitor()
        other.opens("/demo/")
        other.presses(MANUAL_OPENS)
        other.presses("申請を取り下げる")
        other.presses("OK")
        newcomer.presses(MANUAL_OPENS)
        newcomer.sees("検査申請取り下げ中")

    @pytest.mark.parametrize("number", ["", "1", "x" * 4000, "２１", "'"])
    def test_only_demo_accounts_are_opened(self, newcomer, number):
        assert newcomer.client.post("/demo/open/", {"receipt_number": number}).status_code == 404

    def test_somebody_elses_application_is_not_opened(self, newcomer, an_application):
        stranger = an_application("検査申請審査中")
        answer = newcomer.client.post("/demo/open/", {"receipt_number": stranger.receipt_number})
        assert answer.status_code == 404

    def test_a_locked_one_is_tried_at_the_login(self, newcomer):
        for account in DemoAccount.objects.filter(needs_login=True):
            answer = newcomer.client.post("/demo/open/", {"receipt_number": account.receipt_number})
            assert answer.status_code == 404
        newcomer.opens("/demo/?purpose=login")
        newcomer.presses("ログイン画面")
        assert newcomer.path == "/status/login/"

    def test_every_button_leads_to_a_page(self, newcomer):
        pages = every_page(newcomer.client)
        buttons = [pair for page in pages for pair in crawler.buttons(page)]
        buttons = [pair for pair in buttons if pair[0]["method"] == "post"]
        # The clock last: what it changes is another test's.
        buttons.sort(key=lambda pair: "/morning/" in pair[0]["action"])
        opened = set()
        for form, button in buttons:
            target, method, data = crawler.sent(form, button, "/demo/")
            assert method == "post"
            response = newcomer.client.post(target, data, follow=True)
            crawler.read(response, target, button.text)
            assert response.status_code == 200, button.text
            opened.add(data.get("receipt_number") or data.get("area") or target)
        openable = DemoAccount.objects.filter(needs_login=False)
        assert {account.receipt_number for account in openable} < opened
        assert {"payment", "my_page", "/demo/morning/"} < opened

    @pytest.mark.parametrize("path", ["/demo/open/", "/demo/morning/"])
    def test_nothing_happens_by_following_a_link(self, newcomer, path):
        assert newcomer.client.get(path).status_code == 405


class TestTheNextMorning:
    pytestmark = in_demo_mode

    def test_it_shows_what_changed(self, newcomer):
        newcomer.presses("翌朝へ進める")
        newcomer.sees("夜間処理の結果", "状況の変わった申請", "検査申請無効", "検査申請却下")
        newcomer.sees("納付期限切れ", "申請が無効になりました", "keiji@gyosei.example")
        run = NightRun.objects.get()
        assert f"{clock.now():%H:%M}" in {"20:00", "20:01"}  # 05:00 in Japan
        assert clock.day(clock.now()) == run.business_date + timedelta(days=1)

    def test_the_list_follows(self, newcomer):
        account = DemoAccount.objects.filter(shows__contains="翌朝に無効").first()
        newcomer.presses("翌朝へ進める")
        newcomer.presses("一覧へ戻る")
        application = Application.objects.get(receipt_number=account.receipt_number)
        assert application.status == Status.INVALID
        newcomer.sees("これまでの夜間処理")

    def test_a_second_press_of_the_same_page_skips_no_day(self, newcomer):
        stale = Visitor()
        stale.opens("/demo/")
        newcomer.presses("翌朝へ進める")
        stale.presses("翌朝へ進める")
        assert stale.path == "/demo/"
        assert NightRun.objects.count() == 1

    @pytest.mark.parametrize("day", ["", "tomorrow", "2026-13-01", "2099-01-01", "1900-01-01"])
    def test_no_other_day_is_gone_to(self, newcomer, day):
        answer = newcomer.client.post("/demo/morning/", {"day": day})
        assert answer.status_code in {302, 400}
        assert not DemoClock.offset()

    def test_an_unknown_night(self, newcomer):
        assert newcomer.client.get("/demo/morning/9999/").status_code == 404


class TestElsewhere:
    """Outside demo mode there is no page, and nothing speaks of one."""

    pytestmark = pytest.mark.django_db

    @pytest.mark.parametrize("path", ["/demo/", "/demo/open/", "/demo/morning/"])
    def test_there_is_no_such_address(self, client, path):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404

    def test_no_page_speaks_of_it(self, visitor):
        visitor.opens("/")
        visitor.does_not_see("デモ環境")

    def test_no_clock_is_held(self, settings):
        assert "koss.demo.middleware.hold_clock" not in settings.MIDDLEWARE


def test_the_manuals_number_is_the_manuals():
    assert MANUAL_NUMBER == "21122310500030459"
