"""The counter in a browser, beside the phone of the person who fetches something."""

import pytest

from tests import paper
from tests.browser.axe import violations
from tests.browser.person import DESK, PHONE, ByFinger, ByKeyboard
from tests.signing_in import signs_in

pytestmark = pytest.mark.browser

FIELD = "二次元コードまたは検索キー"
PICKUP = "受取者認証兼受取車両個別申告用二次元コードの発行"
NAME = "軽自行政書士事務所　軽自　太郎（１２３４５６７８）"
# A camera that sees whatever window.kossSeen says, for a browser that reads codes by itself.
CAMERA = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return window.kossSeen ? [{ rawValue: window.kossSeen }] : []; }
};
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
HTMLMediaElement.prototype.play = async () => {};
"""


def at_the_desk(person):
    person.signs_in_as("counter")
    person.presses("二次元コードを読み取る")
    return person


def scans(clerk, text):
    """As a USB scanner does: it types into the field that has the focus, and presses Enter."""
    clerk.opens("/admin/counter/")
    clerk.page.wait_for_function("document.activeElement.name === 'text'")
    with clerk.page.expect_navigation():
        clerk.page.keyboard.type(text)
        clerk.page.keyboard.press("Enter")


def ticks_everything(clerk):
    empty = clerk.page.get_by_role("checkbox", checked=False)
    while empty.count():
        empty.first.check()


def has_no_barriers(person):
    for size in (DESK, PHONE):
        person.page.set_viewport_size(size)
        assert person.sideways() == []
        assert violations(person.page) == []
    person.page.set_viewport_size(DESK)


def symbol_on(person):
    """What a foreign reader finds on the screen."""
    shown = paper.picture(person.page.locator(".koss-code__symbol").screenshot())
    [text] = paper.read(shown)
    return text


def test_from_the_applicant_s_phone_to_the_hand_over(a_person, portal):
    """Part 6, and the other side of it."""
    applicant = a_person(ByFinger, viewport=PHONE, has_touch=True)
    signs_in(applicant, portal.use_up("返付準備完了"))
    applicant.presses(PICKUP)
    applicant.page.wait_for_url("**/codes/vehicle/**")
    if applicant.path.endswith("/issue/"):
        applicant.presses("OK")
    text = symbol_on(applicant)

    clerk = at_the_desk(a_person(ByKeyboard))
    scans(clerk, text)
    clerk.sees("渡せる車両 1件")
    has_no_barriers(clerk)
    ticks_everything(clerk)
    clerk.presses("交付物を渡す")

    clerk.sees("1件の交付物を渡しました。")
    has_no_barriers(clerk)
    [sheet] = paper.scanned(clerk.page.pdf(prefer_css_page_size=True))
    assert sheet.height > sheet.width
    scans(clerk, text)
    clerk.sees("すでに渡し終わっています。")
    has_no_barriers(clerk)
    applicant.page.reload()
    applicant.sees("返付済")


def test_a_receiver_fetches_in_one_step(person, a_person):
    """Part 3, with the receiver and the vehicles of the demo world."""
    person.opens("/codes/issue/")
    person.chooses("受取者（証明書等管理業者）認証用")
    person.field("手続種別").select_option("新車")
    person.fills("受取者名（証明書等管理業者名）（全角）", NAME)
    person.fills("パスワード（受取者用パスワード）", "uketori-2024")
    person.fills("パスワード（受取者用パスワード）（確認用）", "uketori-2024")
    person.presses("二次元コードを発行する")

    clerk = at_the_desk(a_person())
    scans(clerk, symbol_on(person))
    clerk.sees("一致", "渡せる車両")
    clerk.presses("まとめて渡す")
    clerk.sees("まだ何も渡していません。")
    has_no_barriers(clerk)
    ticks_everything(clerk)
    clerk.presses("まとめて渡す")

    clerk.sees("件の交付物を渡しました。")
    clerk.opens("/admin/qrcodes/receiver/1/change/")
    clerk.sees("新規登録", "受け取った車両")
    has_no_barriers(clerk)


def test_the_camera_types_for_the_clerk(a_person):
    clerk = a_person()
    clerk.context.add_init_script(CAMERA)
    at_the_desk(clerk)
    clerk.page.get_by_role("button", name="カメラで読み取る").click()
    clerk.sees("二次元コードをカメラに向けてください。")
    has_no_barriers(clerk)

    with clerk.page.expect_navigation():
        clerk.page.evaluate("window.kossSeen = '1234567812345670'")

    clerk.sees("この検索キーの二次元コードはありません。")


def test_the_next_scan_replaces_what_a_refused_try_left(a_person):
    clerk = at_the_desk(a_person())
    scans(clerk, "1234567812345671")
    clerk.sees("検索キーの数字が正しくありません。")
    with clerk.page.expect_navigation():
        clerk.page.keyboard.type("1234567812345670")
        clerk.page.keyboard.press("Enter")

    clerk.sees("この検索キーの二次元コードはありません。")


def test_without_a_camera_there_is_no_such_button(person):
    at_the_desk(person)

    assert not person.can_press("カメラで読み取る")
    assert person.page.locator(f"label:text-is('{FIELD}')").count() == 1
