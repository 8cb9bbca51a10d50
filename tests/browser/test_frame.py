"""What the frame of every page offers: letters of another size, menus, paper."""

import pytest
from playwright.sync_api import expect

from applications.demo.journeys import PASSWORD
from tests.browser.axe import violations
from tests.paper import scanned
from tests.signing_in import signs_in

pytestmark = pytest.mark.browser

NOT_ON_PAPER = "header, .koss-nav, footer, .koss-demo, .koss-actions, .koss-end, button"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_large_letters_stay_large(a_person, scripts):
    person = a_person(java_script_enabled=scripts)
    person.opens("/faq/")
    root = person.page.locator("html")

    with person.page.expect_response("**/text-size/"):
        person.presses("大")
    expect(root).to_have_attribute("data-size", "l")
    assert person.path == "/faq/"
    expect(person.page.get_by_role("button", name="大")).to_have_attribute("aria-pressed", "true")
    person.page.reload()
    expect(root).to_have_attribute("data-size", "l")
    assert root.evaluate("element => getComputedStyle(element).fontSize") == "20px"
    with person.page.expect_response("**/text-size/"):
        person.presses("中")
    person.opens("/status/login/")

    expect(root).to_have_attribute("data-size", "m")


def test_a_password_can_be_read_while_it_is_typed(person, portal):
    account = portal.account("検査申請審査中")
    person.opens("/status/login/")
    person.fills("受付番号（到達番号）", account.receipt_number)
    person.presses("次へ")
    field = person.field("申請用パスワード")
    person.fills("申請用パスワード", PASSWORD)
    expect(field).to_have_attribute("type", "password")

    person.page.get_by_label("パスワード表示").check()
    expect(field).to_have_attribute("type", "text")
    person.page.get_by_label("パスワード表示").uncheck()

    expect(field).to_have_attribute("type", "password")
    person.presses("ログイン")
    person.sees("検査申請審査中")


def test_menus_open_and_close(person):
    person.opens("/")
    menu = person.page.locator("summary", has_text="事前の準備が整った方")
    entry = person.page.get_by_role("link", name="申請状況の照会を行う").first

    menu.press("Enter")
    expect(entry).to_be_visible()
    assert violations(person.page) == []
    person.page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    menu.press("Enter")
    entry.click()

    person.sees("状況照会 ログイン")


def test_the_status_page_on_paper(person, portal):
    account = portal.account("検査申請補正待ち")
    signs_in(person, account)

    person.page.emulate_media(media="print")

    for each in person.page.locator(NOT_ON_PAPER).all():
        expect(each).to_be_hidden()
    person.sees("軽自動車保有関係手続のワンストップサービス", "納付情報", "これまでの経過")
    assert person.page.pdf(format="A4").startswith(b"%PDF")


def test_the_questions_on_paper(person):
    person.opens("/faq/")
    answer = person.page.get_by_text("利用料金はかかりません。")
    expect(person.page.get_by_role("button", name="このページを印刷する")).to_be_visible()

    person.page.emulate_media(media="print")

    for each in person.page.locator(NOT_ON_PAPER).all():
        expect(each).to_be_hidden()
    expect(answer).to_be_visible()


@pytest.mark.parametrize("path", ["/faq/", "/glossary/", "/sitemap/"])
def test_long_pages_are_printed_whole_and_without_gaps(person, path):
    person.opens(path)

    pages = scanned(person.page.pdf(prefer_css_page_size=True))

    filled = [
        page.point(lambda grey: 255 * (grey < 160)).getbbox()[3] / page.height for page in pages
    ]
    assert len(pages) > 1
    assert min(filled[:-1]) > 0.75
