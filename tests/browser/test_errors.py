"""What is wrong with a form: the title says so, and the summary leads to the fields by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.person import ByKeyboard, Person
from tests.every_page import LIST, UNKNOWN_NUMBER, reads_a_new_receiver
from tests.signing_in import signs_in, signs_in_to_my_page

pytestmark = pytest.mark.browser


def codes(person, portal):
    person.opens("/codes/issue/")
    return "二次元コードを発行する"


def login(person, portal):
    person.opens("/status/login/")
    return "次へ"


def payment_login(person, portal):
    person.opens("/payment/login/")
    return "ログイン"


def pay_page(person, portal):
    signs_in(person, portal.account("検査手数料等納付待ち"))
    person.presses("納付")
    return "次へ"


def account(person, portal):
    signs_in_to_my_page(person)
    person.presses("国庫金ダイレクト納付口座新規作成")
    return "内容を確認する"


def staff_login(person, portal):
    person.opens("/admin/login/")
    return "ログイン"


def rejecting(person, portal):
    person.signs_in_as("reviewer")
    receipt_number = portal.account("検査申請審査中").receipt_number
    person.opens(f"{LIST}?q={receipt_number}")
    person.page.click("#result_list tbody th a")
    person.presses("却下する")
    return "却下する"


def news(person, portal):
    person.signs_in_as("operator")
    person.opens("/admin/koss/news/add/")
    return "保存"


def registering(person, portal):
    person.signs_in_as("counter")
    reads_a_new_receiver(person)
    return "受取者を登録する"


PLACES = [codes, login, payment_login, pay_page, account, staff_login, rejecting, news, registering]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_the_summary_leads_to_the_field_and_is_seen_again(person, portal, place):
    button = place(person, portal)
    send_again(person, button)
    by_keyboard = ByKeyboard.__new__(ByKeyboard)
    by_keyboard.__dict__ = person.__dict__

    links = person.page.locator(".koss-summary a").all()
    assert links
    for link in links:
        target = link.get_attribute("href")
        assert len(target) > 1
        send_again(person, button)
        by_keyboard.press(person.page.locator(f".koss-summary a[href='{target}']").first)
        focused = person.page.evaluate("document.activeElement.id")
        assert f"#{focused}" == target
        expect(person.page.locator(target)).to_be_in_viewport()  # it may still be scrolling
    send_again(person, button)
    assert violations(person.page) == []


def send_again(person, button):
    """Send the form as it stands; its summary is what the person then reads."""
    person.presses(button)
    expect(person.page.locator(".koss-summary")).to_be_focused()
    assert person.page.title().startswith("エラー：")
    expect(person.page.locator(".koss-summary")).to_be_in_viewport()
    assert "#" not in person.page.url


def test_a_followed_link_does_not_reach_into_the_next_step(person):
    person.opens("/status/login/")
    send_again(person, "次へ")
    person.page.locator(".koss-summary a").click()

    person.fills("受付番号（到達番号）", UNKNOWN_NUMBER)
    person.presses("次へ")

    person.sees("申請用パスワード")
    assert "#" not in person.page.url
    assert person.page.evaluate("document.activeElement.tagName") == "BODY"


def test_without_scripts_too(a_person):
    person = a_person(Person, java_script_enabled=False)
    person.opens("/status/login/")
    for _ in range(2):
        person.presses("次へ")
        assert person.page.title().startswith("エラー：")
        person.page.keyboard.press("Tab")  # from the summary, which has the focus, to its link
        person.page.keyboard.press("Enter")
        person.page.wait_for_url("**#id_receipt_number")


def test_at_the_bank(a_person, portal):
    address, port = portal.origin.rsplit(":", 1)
    person = a_person(Person)
    person.origin = f"{address}:{int(port) + 1}"
    person.opens("/atm/")
    for _ in range(2):
        send_again(person, "照会する")
        person.page.locator(".koss-summary a").first.press("Enter")
        assert person.page.evaluate("document.activeElement.id") == "id_agency_number"
    person.opens("/control/")
    assert violations(person.page) == []


def test_the_counter_types_on_where_it_was(person):
    """A scanner types where the focus is: there it stays after a misread."""
    person.signs_in_as("counter")
    person.opens("/admin/counter/")
    person.presses("確認する")
    assert person.page.title().startswith("エラー：")
    assert person.page.locator(".koss-summary a").get_attribute("href") == "#id_text"
    assert person.page.evaluate("document.activeElement.id") == "id_text"
