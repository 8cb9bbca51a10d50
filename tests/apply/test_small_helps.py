"""What the steps of 申請を行う tell before they save, and what they keep as it was typed."""

import io

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications.apply import drafts
from applications.apply.forms.steps import SureOfLetters
from applications.models import Draft, Office, OfficeArea
from koss.models import OutgoingMail
from tests.apply import hostile, walk

pytestmark = pytest.mark.django_db
CODE = "K/22/品川　５８０さ１２３４/1/AX01-0000001/658/1"


def photo_of(text):
    """A photograph of a certificate's code, lying a little askew."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    drawn = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=6))
    paper = Image.new("L", (900, 700), 235)
    paper.paste(drawn.convert("L").rotate(4, expand=True, fillcolor=235), (150, 100))
    written = io.BytesIO()
    paper.save(written, "JPEG", quality=80)
    return written.getvalue()


def opens_step(visitor, name):
    visitor.opens(visitor.path.partition("step/")[0] + f"step/{name}/")


def test_the_photo_of_a_certificate_fills_the_forms_in(visitor):
    walk.begins(visitor)
    visitor.presses("自動車検査証から読み取って入力する")
    page, version = visitor.path, walk.version_of(visitor)
    for content, said in ((b"not a picture", "PDF、JPEG、PNG"), (photo_of(CODE), "確かめてから")):
        file = SimpleUploadedFile("a.jpg", content)
        walk.posts(visitor, page, {"version": version, "codes": "", "picture": file})
        visitor.sees(said)

    assert visitor.field("車両番号")["value"] == "品川 - 580 - さ - 1234"


def test_offices_are_shown_by_prefecture(visitor):
    walk.begins(visitor)
    opens_step(visitor, "office")
    visitor.does_not_see("東京主管事務所")
    visitor.presses("保存して次へ")
    visitor.sees("事務所等のある都道府県を選んでください。")
    visitor.fills("事務所等のある都道府県", "千葉県")
    visitor.presses("この都道府県の事務所等を表示する")
    visitor.does_not_see("東京主管事務所")
    visitor.chooses("千葉事務所野田支所")
    visitor.presses("保存して次へ")

    opens_step(visitor, "office")
    visitor.sees("千葉事務所野田支所")
    assert set(drafts.answers_of(Draft.objects.get())["office"]) == {"office"}


def test_the_office_whose_area_it_is_stands_marked(visitor):
    for place, name in (
        ("東京都", "東京主管事務所多摩支所"),
        ("東京都品川区", "東京主管事務所"),
        ("東京都品川区東", "東京主管事務所足立支所"),
    ):
        OfficeArea.objects.create(place=place, office=Office.objects.get(name=name))
    walk.begins(visitor)
    opens_step(visitor, "address")
    visitor.fills("使用者の郵便番号", "141-0032")
    visitor.fills("使用者の住所", "東京都品川区大崎1-1-1")
    visitor.presses("保存して次へ")
    opens_step(visitor, "base")
    visitor.chooses("使用者の住所と同じ")
    visitor.presses("保存して次へ")

    opens_step(visitor, "office")
    visitor.presses("保存して次へ")

    office = drafts.answers_of(Draft.objects.get())["office"]["office"]
    assert Office.objects.get(pk=office).name == "東京主管事務所"


def test_an_office_of_another_prefecture_is_asked_for_again(visitor):
    walk.begins(visitor)
    opens_step(visitor, "office")
    page = visitor.path
    for prefecture, said in (("千葉県", "千葉事務所"), ("どこか", "都道府県を選んでください。")):
        sent = {"version": "0", "prefecture": prefecture, "office": "1"}
        walk.posts(visitor, page, sent)
        visitor.sees("入力内容を確認してください", said)


def test_whether_fees_carry_over_is_said_beside_the_number(visitor, an_application):
    withdrawn = an_application("検査申請取り下げ", chassis_number="AX01-0000001")
    walk.begins(visitor)
    opens_step(visitor, "earlier")
    asks = "手数料を引き継げるか確かめる"

    def says(words):
        visitor.chooses("引き継ぐ")
        visitor.fills("以前の受付番号", withdrawn.receipt_number)
        visitor.presses(asks)
        visitor.sees(words)
        assert "earlier" not in drafts.answers_of(Draft.objects.get())

    says("車台番号を入力したあとに")
    opens_step(visitor, "chassis")
    visitor.fills("車台番号", "AX01-0000002")
    visitor.presses("保存して次へ")
    opens_step(visitor, "earlier")
    says("この番号の手数料は引き継がれません")
    opens_step(visitor, "chassis")
    visitor.fills("車台番号", "AX01-0000001")
    visitor.presses("保存して次へ")
    opens_step(visitor, "earlier")
    says("この番号の申請で納付した手数料は、引き継がれます。")
    visitor.chooses("引き継ぐ")
    visitor.fills("以前の受付番号", "123")
    visitor.presses(asks)
    visitor.sees("17桁")


def test_the_receivers_name_is_shown_back_sign_by_sign(visitor):
    name = "軽自商事　窓口"
    walk.begins(visitor)
    opens_step(visitor, "receiving")
    visitor.chooses("登録した受取者（証明書等管理業者）が受け取る")
    visitor.presses("保存して一覧へ")
    visitor.opens(visitor.path + "step/receiver/")
    visitor.fills("受取者名（証明書等管理業者名）", name)
    visitor.presses("一文字ずつ確かめる")

    visitor.sees("次の7文字", "軽自商事□窓口")
    assert visitor.field("受取者名（証明書等管理業者名）")["value"] == name
    visitor.presses("保存して次へ")
    assert drafts.answers_of(Draft.objects.get())["receiver"] == {"receiver_name": name}


def test_who_applies_for_themselves_is_asked_for_one_name(visitor):
    walk.begins(visitor)
    opens_step(visitor, "applicant")
    visitor.chooses("使用者本人")
    visitor.fills("申請者名", "軽自　太郎")
    visitor.presses("保存して次へ")
    opens_step(visitor, "user")

    assert visitor.field("使用者名")["value"] == "軽自　太郎"


def test_the_number_of_a_house_outlives_the_look_at_the_postal_code(visitor):
    walk.begins(visitor)
    opens_step(visitor, "address")
    town = "東京都品川区東品川"
    for typed, kept in (("", town), (f"{town}1-1", f"{town}1-1")):
        visitor.fills("使用者の郵便番号", "140-0002")
        visitor.fills("使用者の住所", typed)
        visitor.presses("郵便番号から住所を入力する")
        assert visitor.field("使用者の住所")["value"] == kept


def test_a_draft_with_files_goes_on_elsewhere(visitor):
    walk.begins(visitor)
    file = SimpleUploadedFile("証明書.pdf", hostile.document())
    sent = {"kind": "liability_insurance", "file": file, "add": "1"}
    walk.posts(visitor, visitor.path + "step/files/", sent)
    number = Draft.objects.get().number
    assert OutgoingMail.objects.get().facts["number"] == number
    visitor.client.cookies.clear()
    visitor.opens("/apply/resume/")
    visitor.fills("手続準備番号", number)
    visitor.fills("申請用パスワード", walk.PASSWORD)
    visitor.presses("続きを入力する")

    home = visitor.path
    opens_step(visitor, "files")
    visitor.sees("証明書.pdf")
    [link] = [a["href"] for a in visitor.page.all("a") if a.text == "証明書.pdf"]
    served = visitor.client.get(link)
    assert b"".join(served.streaming_content).startswith(b"%PDF-")
    visitor.opens(home)
    walk.answers(visitor)
    visitor.sees("証明書.pdf")


@pytest.mark.parametrize("name", ["神崎\ufa19", "﨑田\ufa11", "葛\U000e0100城"])
def test_names_of_a_new_vehicle_are_kept_as_typed(visitor, name):
    walk.begins(visitor, "新車")
    opens_step(visitor, "user")
    visitor.fills("使用者名", "軽自　太郎")
    visitor.fills("使用者名（高水準）", name)
    visitor.presses("保存して次へ")

    answers = drafts.answers_of(Draft.objects.get())
    assert answers["user"] == {"user_name": "軽自　太郎", "user_name_full": name}


@pytest.mark.parametrize("sign", ["\ue000", "\U000f0000", "\u202e"])
@pytest.mark.parametrize("name", ["user_name", "user_name_full"])
def test_signs_that_nobody_else_can_read_are_refused(visitor, name, sign):
    walk.begins(visitor, "新車")
    opens_step(visitor, "user")
    sent = {"version": "0", "user_name": "軽自　太郎", name: f"軽{sign}自"}
    answer = visitor.client.post(visitor.path, sent).content.decode()

    assert "使用できない文字が入っています" in answer
    assert f'value="軽{sign}自"' in answer
    assert "user" not in drafts.answers_of(Draft.objects.get())


def test_half_a_character_is_refused(visitor):
    """A surrogate alone can only be sent as bytes that are no UTF-8."""
    walk.begins(visitor, "新車")
    opens_step(visitor, "user")
    body = b"version=0&user_name=%E8%BB%BD%ED%A0%80"
    kind = "application/x-www-form-urlencoded"
    answer = visitor.client.post(visitor.path, body, content_type=kind)

    assert answer.status_code == 400
    assert "user" not in drafts.answers_of(Draft.objects.get())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # As they are: types hold letters, serial numbers none; no alarm.
        ("LA100S-0001234", {}),
        ("MH95S-123456", {}),
        ("DA17V－654321", {}),
        ("B44W-0000001", {}),
        ("ZBA-GD1-0000001", {}),
        ("WVWZZZ1KZAW123456", {}),
        ("1234567890", {}),
        ("東[41]12345東", {}),
        ("車台", {}),
        # What hardly ever stands there.
        ("AXO1-0000001", {"O": "0"}),
        ("AXI1-0000001", {"I": "1"}),
        ("ＡＸ０１－ｑ０００００１", {"Q": "0"}),
        ("LA100S-OO01234", {"O": "0"}),
        ("LA100S-000l23S", {"L": "1", "S": "5"}),
        ("MH95S‐1Z34B6", {"Z": "2", "B": "8"}),
        ("DA17V一6D432G", {"D": "0", "G": "6"}),
        ("AX01-00Ⅰ0001", {"I": "1"}),
    ],
)
def test_letters_that_are_easily_taken_for_digits(typed, meant):
    assert SureOfLetters.doubtful(typed) == meant
