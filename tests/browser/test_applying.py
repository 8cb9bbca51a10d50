"""申請を行う as people do it: to the receipt in every way, and from there to the counter."""

import subprocess

import pytest
from playwright.sync_api import expect

from applications.apply import address_file
from tests.apply import hostile, walk
from tests.browser.axe import violations
from tests.browser.person import PHONE
from tests.browser.test_counter import (
    CAMERA,
    PICKUP,
    at_the_desk,
    scans,
    symbol_on,
    ticks_everything,
)
from tests.browser.test_paying import Payer, PayerByKeyboard, PayerOnAPhone

pytestmark = pytest.mark.browser

GOOD, PIN = "personal.p12", "renshu-2024"
PAPER = "自動車損害賠償責任保険（共済）証明書"
LIST = "/admin/applications/application/"
CODES = [
    "K/22/品川　５８０さ１２３４/1/AX01-0000001/658/1",
    "K/31/-/123450001/261130/2311/5BA-AX01",
]
# What the reviewer must say to pass the review.
TOLD = {"継続検査": [], "新車": [("車両番号", "品川 580 す 2468")]}
CHASSIS = {"継続検査": "AX01-0000001", "新車": "LA100S-0001234"}


class _Waits:
    """Goes on when the page that was asked for is there."""

    def presses(self, words):
        with self.page.expect_navigation():
            super().presses(words)


class Applicant(_Waits, Payer):
    pass


class ApplicantOnAPhone(_Waits, PayerOnAPhone):
    pass


class Typist(_Waits, PayerByKeyboard):
    """Chooses with the arrow keys, as a group of radio buttons asks for."""

    def chooses(self, label):
        wanted = self.page.get_by_role("radio", name=label, exact=True)
        self._go_to(self.page.locator(f"[name='{wanted.get_attribute('name')}']").first)
        self.page.keyboard.press("Space")
        while not wanted.is_checked():
            self.page.keyboard.press("ArrowDown")


def takes_the_certificate(person, tmp_path):
    """From the guide of the demo page; returns where the file lies."""
    person.opens("/demo/")
    with person.page.expect_download() as download:
        person.page.locator(f"a[href$='/{GOOD}']").first.click()
    file = tmp_path / GOOD
    download.value.save_as(file)
    return file


def signs_in_the_page(person, file):
    person.page.set_input_files("#sign-file", file)
    pin = person.page.get_by_label("電子証明書のPIN")
    person.type_into(pin, PIN)
    pin.press("Enter")
    person.sees("署名しました。")


def signs_with_openssl(person, file, tmp_path):
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="署名する内容をダウンロードする").click()
    content, pem, signature = (tmp_path / name for name in ("a.txt", "a.pem", "a.p7s"))
    download.value.save_as(content)
    for arguments in (
        ["pkcs12", "-in", file, "-passin", f"pass:{PIN}", "-nodes", "-out", pem],
        [
            *("cms", "-sign", "-binary", "-in", content, "-signer", pem, "-inkey", pem),
            *("-outform", "DER", "-out", signature),
        ],
    ):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
    person.page.set_input_files("#id_signature", signature)


def is_received(person):
    """The receipt page; returns the receipt number."""
    person.sees("申請を送信しました", "受付番号", "このあとの流れ", walk.EMAIL)
    return person.page.locator("#receipt-number").inner_text().replace(" ", "")


def moves_on(clerk, number, words, *, fills=()):
    """Staff find the application by its number and press ``words``."""
    clerk.opens(f"{LIST}?q={number}")
    clerk.page.click("#result_list tbody th a")
    clerk.presses(words)
    for label, value in fills:
        clerk.fills(label, value)
    clerk.presses(words)


def asks_for_a_file(clerk, number):
    """An order that names the paper, and nothing else."""
    clerk.opens(f"{LIST}?q={number}")
    clerk.page.click("#result_list tbody th a")
    clerk.presses("補正を指示する")
    clerk.ticks(PAPER)
    clerk.fills("理由", "証明書の写しを添付してください。")
    clerk.presses("補正を指示する")


def corrects(person, status, signs):
    """The file that the order asks for, signed as the application was."""
    person.opens(status)
    person.sees("検査申請補正待ち", PAPER)
    person.presses("申請を補正する")
    paper = {"name": "証明書.jpg", "mimeType": "image/jpeg", "buffer": hostile.picture(600, 800)}
    person.page.set_input_files("[type=file]", paper)
    person.presses("補正内容を確認する")
    person.sees("証明書.jpg", "追加")
    person.presses("署名に進む")
    signs(person)
    person.presses("署名して補正を申請する")
    person.sees("補正を申請しました", "検査申請審査中")


def pays(person, status):
    person.opens(status)
    person.presses("納付")
    person.goes_to_the_bank()
    person.signs_in_at_the_bank()
    person.pays()
    person.presses("ポータルへ戻る")
    person.waits_to_see("納付を確認しました")
    person.opens(status)


def fills_in(person, procedure):
    """Everything that is asked, up to 署名."""
    walk.begins(person, procedure)
    if isinstance(person, Typist):
        home = person.path
        person.opens(f"{home}step/address/")
        person.fills("使用者の郵便番号", "140-0002")
        person.fills("使用者の住所", "東京都品川区東品川1-1-1")
        with person.page.expect_navigation():  # Enter saves, and does not only look the number up
            person.page.keyboard.press("Enter")
        assert "/step/plate/" in person.path
        person.opens(home)
        walk.answers(person, procedure, address=None)
    else:
        walk.answers(person, procedure)
    person.sees("未送信", CHASSIS[procedure])


WAYS = {
    "with the keyboard alone": ("継続検査", Typist, {"reduced_motion": "reduce"}),
    "without scripts": ("新車", Applicant, {"java_script_enabled": False}),
}


def applies(person, procedure, signs, has_no_faults):
    """From the first page to the status page; returns the receipt number."""
    fills_in(person, procedure)
    has_no_faults()
    person.presses("署名に進む")
    signs(person)
    has_no_faults()
    person.presses("署名して申請を送信する")
    number = is_received(person)
    assert len(number) == 17
    has_no_faults()
    person.presses("申請状況を見る")
    person.sees("検査申請受付中")
    return number


def test_to_the_receipt_on_a_phone(a_person, tmp_path):
    person = a_person(ApplicantOnAPhone, viewport=PHONE, has_touch=True, is_mobile=True)
    file = takes_the_certificate(person, tmp_path)

    def has_no_faults():
        assert person.sideways() == []
        assert violations(person.page) == []

    applies(person, "新車", lambda person: signs_in_the_page(person, file), has_no_faults)


@pytest.mark.parametrize("way", WAYS)
def test_from_the_first_page_to_the_counter(a_person, tmp_path, way):
    procedure, kind, options = WAYS[way]
    person = a_person(kind, **options)
    file = takes_the_certificate(person, tmp_path)

    def signs(person):
        if way == "without scripts":
            signs_with_openssl(person, file, tmp_path)
        else:
            signs_in_the_page(person, file)

    def has_no_faults():
        assert person.sideways() == []
        assert way == "without scripts" or violations(person.page) == []

    number = applies(person, procedure, signs, has_no_faults)
    status = person.path

    reviewer = a_person()
    reviewer.signs_in_as("reviewer")
    moves_on(reviewer, number, "受付チェックを完了する")
    pays(person, status)
    person.sees("検査申請審査中")
    asks_for_a_file(reviewer, number)
    corrects(person, status, signs)
    moves_on(reviewer, number, "審査を完了する", fills=TOLD[procedure])
    pays(person, status)
    if procedure == "新車":
        tax_office = a_person()
        tax_office.signs_in_as("tax_office")
        moves_on(tax_office, number, "申告の審査を完了する")
        person.opens(status)
    person.presses(PICKUP)
    person.page.wait_for_url("**/codes/vehicle/**")
    if person.path.endswith("/issue/"):
        person.presses("OK")
    text = symbol_on(person)
    counter = at_the_desk(a_person())
    scans(counter, text)
    ticks_everything(counter)
    counter.presses("交付物を渡す")
    counter.sees("1件の交付物を渡しました。")


def test_the_camera_reads_one_code_after_the_other(a_person):
    person = a_person(Applicant)
    person.context.add_init_script(CAMERA)
    walk.begins(person)
    person.presses("自動車検査証から読み取って入力する")
    person.page.get_by_role("button", name="カメラで読み取る").click()
    person.sees("二次元コードをカメラに向けてください。")
    for code in CODES:
        person.page.evaluate("code => { window.kossSeen = code }", code)
        person.page.wait_for_function(
            "code => document.getElementById('id_codes').value.endsWith(code)", arg=code
        )
    person.sees("読み取った内容を上の欄に入れました。")
    assert violations(person.page) == []
    person.presses("読み取る")

    expect(person.field("車両番号")).to_have_value("品川 - 580 - さ - 1234")


def stays_on_its_way(person):
    """Hold what is sent to the step of files. Returns the list that its request comes into."""
    held = []
    # Playwright hangs its own mark on a handler, which a built-in method does not take.
    person.page.route("**/step/files/", lambda route: held.append(route))
    return held


def test_a_file_on_its_way_shows_how_far_it_is(a_person, tmp_path):
    person = a_person(Applicant)
    walk.begins(person)
    assert not person.can_press("カメラで読み取る")
    person.opens(f"{person.path}step/files/")
    for name, content, said in (
        ("a.pdf", b"MZ", "PDF、JPEG、PNGのファイル"),
        ("証明書.pdf", hostile.document(), "添付したファイル"),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        held = stays_on_its_way(person)
        person.chooses("保安基準適合証")
        person.page.set_input_files("#id_file", file)
        person.page.get_by_role("button", name="ファイルを添付する").click()
        person.sees("ファイルを送信して、内容を確かめています。")
        held.pop().continue_()
        person.sees(said)
        person.page.unroute("**/step/files/")
        assert violations(person.page) == []
    person.sees("証明書.pdf")
    person.presses("保存して次へ")


def test_the_address_file_is_saved_and_the_page_says_so(a_person, tmp_path):
    person = a_person(Applicant)
    file = takes_the_certificate(person, tmp_path)
    person.opens("/apply/address-file/")
    person.fills("使用者名", "軽自　太郎")
    person.fills("使用者の郵便番号", "140-0002")
    person.fills("使用者の住所", "東京都品川区東品川1-1-1")
    person.presses("次へ")
    signs_in_the_page(person, file)
    with person.page.expect_download() as download:
        person.page.get_by_role("button", name="署名してファイルを受け取る").click()

    assert download.value.suggested_filename == address_file.NAME
    person.sees("ファイルを保存しました。")
