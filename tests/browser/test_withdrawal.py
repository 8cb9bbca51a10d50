"""申請取り下げの操作手順, part 1, in every way people use a browser."""

import pytest
from playwright.sync_api import expect

from applications.demo.journeys import PASSWORD
from tests.browser.axe import violations
from tests.browser.person import ENLARGED, PHONE, ByFinger, ByKeyboard, Person
from tests.signing_in import signs_in

pytestmark = pytest.mark.browser

WAITING = "検査申請補正待ち"
UNPAID = "検査手数料等まとめ払い中"
NO_NUMBER_YET = "納付番号取得前"
WAYS = {
    "with a mouse": (Person, {}, WAITING, "継続検査"),
    "without scripts": (Person, {"java_script_enabled": False}, WAITING, "新車"),
    "with the keyboard alone": (ByKeyboard, {"reduced_motion": "reduce"}, UNPAID, "継続検査"),
    "on a phone": (
        ByFinger,
        {"viewport": PHONE, "has_touch": True, "is_mobile": True},
        UNPAID,
        "新車",
    ),
    "enlarged to 400 %": (Person, {"viewport": ENLARGED}, WAITING, "新車"),
}


@pytest.mark.parametrize("way", WAYS)
def test_withdrawing(a_person, portal, way):
    kind, options, status, procedure = WAYS[way]
    person = a_person(kind, **options)
    shows = NO_NUMBER_YET if status == UNPAID else ""
    account = portal.use_up(status, procedure, shows=shows)

    def sees(*words):
        person.sees(*words)
        assert person.sideways() == []

    person.opens("/")
    sees("軽自動車OSS申請")
    person.presses("こちら 画面申請")
    sees("当サイトより申請する方 (画面申請)")
    person.presses("状況の照会")
    sees("状況照会 ログイン")
    person.fills("受付番号（到達番号）", account.receipt_number)
    person.presses("次へ")
    sees(f"状況照会 ログイン {procedure}")
    person.fills("申請用パスワード", PASSWORD)
    person.presses("ログイン")
    sees(f"状況照会 申請状況確認 {procedure}", status)
    person.presses("申請を取り下げる")  # ①
    sees("この受付番号の申請を続けることはできなくなります")
    person.presses("OK")  # ②
    sees("検査申請取り下げ中")  # ③
    person.sees_in_order("申請の取り下げを受け付けました", "現在の申請状況", "検査申請取り下げ中")
    assert person.page.title().startswith("申請の取り下げを受け付けました 検査申請取り下げ中")
    expect(person.page.locator(".koss-notice--success")).to_be_focused()
    assert not person.can_press("申請を取り下げる")


def test_the_message_stands_before_the_page(person, portal):
    signs_in(person, portal.account(WAITING))
    before = person.path

    person.presses("申請を取り下げる")
    person.sees("この受付番号の申請を続けることはできなくなります")
    assert person.path == before
    assert violations(person.page) == []
    person.page.keyboard.press("Escape")
    assert not person.can_press("OK")
    person.presses("申請を取り下げる")
    person.presses("キャンセル")

    assert not person.can_press("OK")
    person.page.reload()
    person.sees(WAITING)


def test_an_impatient_finger_presses_twice(person, portal):
    signs_in(person, portal.use_up(UNPAID, shows=NO_NUMBER_YET))
    person.presses("申請を取り下げる")

    person.page.get_by_role("button", name="OK", exact=True).dblclick()

    person.sees("検査申請取り下げ中")
    assert person.status == 200
