"""Codes as people get them: on the screen, as a picture, and on paper, read by a foreign reader."""

import re

import pytest

from qrcodes import demo as receivers
from qrcodes.issuing.symbol import MODULES, QUIET_ZONE
from tests import paper
from tests.browser.person import PHONE, ByFinger, ByKeyboard, Person
from tests.signing_in import signs_in

pytestmark = pytest.mark.browser

NAME = receivers.RECEIVER  # registered: a password that cannot be right makes the next one wait
PICKUP = "受取者認証兼受取車両個別申告用二次元コードの発行"
KINDS = {
    "N": "受取者（証明書等管理業者）新規登録用",
    "A": "受取者（証明書等管理業者）認証用",
    "P": "受取者（証明書等管理業者）パスワード変更用",
    "V": "受取者認証兼受取車両個別申告用",
}
A4_MM = (210, 297)


def issues(person, portal, letter):
    """Lead ``person`` to 二次元コード確認 of a new code."""
    if letter == "V":
        signs_in(person, portal.account("交付準備完了", "新車"))
        person.presses(PICKUP)
        if person.path.endswith("/issue/"):
            person.presses("OK")
    else:
        person.opens("/codes/")
        person.presses("こちらから")
        person.chooses(KINDS[letter])
        if letter == "A":
            person.field("手続種別").select_option("継続検査")
        person.fills("受取者名（証明書等管理業者名）（全角）", NAME)
        person.fills("パスワード（受取者用パスワード）", "uketori-2024")
        person.fills("パスワード（受取者用パスワード）（確認用）", "uketori-2024")
        person.presses("二次元コードを発行する")
    person.sees("二次元コード確認", KINDS[letter] + "二次元コード")


def print_out(person):
    """The pages that 印刷 makes, scanned."""
    return paper.scanned(person.page.pdf(prefer_css_page_size=True))


def on_screen(person):
    return paper.picture(person.page.locator(".koss-code__symbol").screenshot())


@pytest.mark.parametrize("letter", KINDS)
def test_screen_picture_and_paper_say_the_same(letter, person, portal):
    issues(person, portal, letter)
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="画像（PNG）を保存する").click()
    saved = paper.picture(download.value.path().read_bytes())

    [sheet] = print_out(person)  # one page
    [on_paper] = paper.read(sheet)

    assert re.fullmatch(letter + "[A-Z2-7]{46}", on_paper)
    assert paper.read(on_screen(person)) == [on_paper]
    assert paper.read(saved) == [on_paper]
    assert size_in_mm(sheet) == pytest.approx(A4_MM, abs=1)
    assert module_in_mm(sheet) >= 0.5
    assert quiet_zone_in_modules(sheet) >= QUIET_ZONE


def size_in_mm(sheet):
    return tuple(pixels / paper.DPI * paper.MM_PER_INCH for pixels in sheet.size)


def module_in_mm(sheet):
    left, _, right, _ = paper.box(sheet)
    return (right - left) / paper.DPI * paper.MM_PER_INCH / (MODULES - 2 * QUIET_ZONE)


def quiet_zone_in_modules(sheet):
    """How far everything else stays from the code."""
    left, top, right, bottom = paper.box(sheet)
    module = (right - left) / (MODULES - 2 * QUIET_ZONE)
    for modules in range(1, 9):
        edge = round(modules * module)
        around = sheet.crop((left - edge, top - edge, right + edge, bottom + edge))
        inside = round(edge - module / 2)
        around.paste(255, (inside, inside, around.width - inside, around.height - inside))
        if around.getextrema()[0] < 200:
            return modules - 1
    return modules


def test_worn_paper_is_still_read(a_person, portal):
    sheets = []
    for letter in KINDS:
        person = a_person()
        issues(person, portal, letter)
        [sheet] = print_out(person)
        sheets.append((sheet, paper.read(sheet)))

    told = [
        paper.read(paper.worn(sheet, f"{letter}{n}")) == text
        for letter, (sheet, text) in zip(KINDS, sheets, strict=True)
        for n in range(5)
    ]

    assert told.count(True) >= 19


@pytest.mark.parametrize("scale", [1, 3])
def test_a_phone_shows_what_a_scanner_reads(scale, a_person, portal):
    person = a_person(viewport=PHONE, device_scale_factor=scale)
    issues(person, portal, "A")

    [text] = paper.read(on_screen(person))

    assert text.startswith("A")
    assert paper.read(paper.picture(person.page.screenshot(full_page=True))) == [text]


def test_the_form_shows_the_procedure_for_authentication_alone(person):
    person.opens("/codes/issue/")
    for purpose, shown in (("N", False), ("A", True), ("P", False)):
        person.chooses(KINDS[purpose])
        assert person.field("手続種別").is_visible() is shown


def test_both_passwords_can_be_shown(person):
    person.opens("/codes/issue/")
    fields = [
        person.field("パスワード（受取者用パスワード）"),
        person.field("パスワード（受取者用パスワード）（確認用）"),
    ]
    for kind in ("text", "password"):
        person.page.get_by_label("パスワード表示").click()
        assert [field.get_attribute("type") for field in fields] == [kind, kind]


def test_print_is_offered_where_scripts_run(person, portal):
    issues(person, portal, "N")
    person.page.evaluate("window.print = () => { window.printed = true; }")

    person.presses("印刷")

    assert person.page.evaluate("window.printed") is True


WAYS = {
    "on a phone": (ByFinger, {"viewport": PHONE, "has_touch": True, "is_mobile": True}),
    "with the keyboard alone": (ByKeyboard, {"reduced_motion": "reduce"}),
    "without scripts": (Person, {"java_script_enabled": False}),
}


@pytest.mark.parametrize("way", WAYS)
def test_from_the_applicant_s_screen_to_the_hand_over(way, a_person, portal):
    """Both sides with the demo accounts: what the screen shows is scanned at the counter."""
    kind, options = WAYS[way]
    applicant, clerk = a_person(kind, **options), a_person()
    account = portal.use_up("交付準備完了", "新車")
    signs_in(applicant, account)
    applicant.presses(PICKUP)
    if applicant.path.endswith("/issue/"):
        applicant.presses("OK")
    [scanned] = paper.read(on_screen(applicant))

    clerk.signs_in_as("counter")
    clerk.presses("二次元コードを読み取る")
    clerk.fills("二次元コードまたは検索キー", scanned)
    clerk.presses("確認する")
    clerk.sees("受取者認証兼受取車両個別申告用二次元コード", "渡せる車両 1件")
    for box in clerk.page.get_by_role("checkbox").all():
        box.check()
    clerk.presses("交付物を渡す")

    clerk.sees("1件の交付物を渡しました。")
    applicant.presses("戻る")
    applicant.sees("交付済", "お渡しは済んでいます")
    assert not applicant.can_press(PICKUP)
