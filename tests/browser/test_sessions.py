"""How an inquiry ends, and how several of them get along in one browser."""

import pytest
from playwright.sync_api import expect

from applications.demo.journeys import PASSWORD
from tests.browser.axe import violations
from tests.signing_in import signs_in

pytestmark = pytest.mark.browser

STATUS = "検査申請補正待ち"
MINUTE = 60 * 1000
AN_HOUR_LATER = """
from datetime import timedelta
from django.db.models import F
from koss.models import OpenHandle
OpenHandle.objects.update(seen_at=F("seen_at") - timedelta(hours=1))
"""


def of(account):
    """How the screen writes its number."""
    number = account.receipt_number
    return f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}"


def test_nothing_is_left_behind_after_the_end(person, portal):
    account = portal.account(STATUS)
    signs_in(person, account)
    person.sees(of(account))

    person.presses("終了")
    person.sees("軽自動車OSS申請")
    person.page.go_back()

    person.sees("状況照会 ログイン")
    person.does_not_see(of(account), "現在の申請状況", "AX01")


def test_two_applications_in_two_tabs_never_mix(person, portal):
    first, second = portal.use_up(STATUS), portal.account(STATUS, "新車")
    signs_in(person, first)
    person.presses("申請を取り下げる")
    other = person.opens_a_tab()
    signs_in(other, second)

    person.presses("OK")

    person.sees(of(first), "検査申請取り下げ中")
    person.does_not_see(of(second))
    other.page.reload()
    other.sees(of(second), STATUS)
    person.presses("終了")
    person.sees("軽自動車OSS申請")
    other.page.reload()
    other.sees(of(second), STATUS)


def test_an_idle_inquiry_warns_and_then_ends(person, portal):
    person.page.clock.install()
    account = portal.account(STATUS)
    signs_in(person, account)
    person.does_not_see("まもなく自動的に終了します")

    person.page.clock.fast_forward(27.5 * MINUTE)
    person.sees("まもなく自動的に終了します")
    assert violations(person.page) == []
    expect(person.page.get_by_role("button", name="続ける")).to_be_focused()
    with person.page.expect_response("**/status/**"):
        person.presses("続ける")
    person.page.evaluate("fetch('/health/')")  # the page has seen the answer before this one
    expect(person.page.get_by_role("dialog")).to_be_hidden()
    person.page.clock.fast_forward(26 * MINUTE)
    person.does_not_see("まもなく自動的に終了します")

    person.presses("申請を補正する")
    person.fills("使用者名", "途中の　名前")
    portal.manage("shell", "--no-imports", "-c", AN_HOUR_LATER)
    person.page.clock.fast_forward(31 * MINUTE)
    person.sees("操作がなかったため、照会を終了しました", "暗号化して24時間保存しています")
    person.does_not_see(of(account), "途中の")
    assert violations(person.page) == []
    person.presses("もう一度ログインする")
    person.fills("受付番号（到達番号）", account.receipt_number)
    person.presses("次へ")
    person.fills("申請用パスワード", PASSWORD)
    person.presses("ログイン")
    person.sees("送信されていない入力内容")
    assert violations(person.page) == []
    person.presses("消去する")
    person.sees(of(account), STATUS)
