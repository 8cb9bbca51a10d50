"""申請を行う on the screen, from its first page to its receipt, and everything that is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.apply import drafts
from applications.models import Application, Draft, Particulars, Upload
from applications.status import Status
from koss.ground import clock, sealing
from koss.models import OutgoingMail
from payments.demo import payers
from payments.models import PaymentUser
from payments.payer import batch_file
from tests.apply import hostile, walk
from tests.practice import signed

# The addresses of demo mode, in which practice certificates are believed.
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.edges.test_demo_pages")]
PERSONAL = "personal.p12"


@pytest.fixture
def applicant(visitor, practice):
    """A visitor whose signatures this portal believes."""
    return visitor


def signs_and_sends(visitor, file=PERSONAL, content=None):
    visitor.presses("署名に進む")
    walk.sends(visitor, signed(content or walk.content_of(visitor), file))


@pytest.mark.parametrize("procedure", ["継続検査", "新車"])
def test_a_newcomer_makes_an_application(applicant, procedure):
    walk.begins(applicant, procedure)
    applicant.sees("未送信", "あと")
    walk.answers(applicant, procedure)
    applicant.sees("未送信", "通常", "¥ 1,600" if procedure == "継続検査" else "¥ 1,700")
    signs_and_sends(applicant)

    application = Application.objects.get()
    applicant.sees("申請を送信しました", application.receipt_number[:4], walk.EMAIL)
    assert application.status == Status.RECEIVED
    assert application.signatures.get().refusal == ""
    assert Particulars.objects.get().address == "東京都品川区東品川1-1-1"
    assert [mail.template for mail in OutgoingMail.objects.order_by("pk")] == [
        "draft_begun",
        "accepted",
    ]
    # Nothing is kept of the draft but that it was sent.
    assert bytes(Draft.objects.get().sealed) == b""
    applicant.presses("申請状況を見る")
    applicant.sees("検査申請受付中", "軽自　太郎".replace("　", " "))


def test_sending_twice_makes_one_application(applicant):
    walk.begins(applicant)
    walk.answers(applicant)
    applicant.presses("署名に進む")
    page, html = applicant.path, applicant.html
    cms = signed(walk.content_of(applicant), PERSONAL)
    for _press in range(2):
        applicant.path, applicant.html = page, html
        walk.sends(applicant, cms)
        applicant.sees("申請を送信しました")

    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("file", "reason"),
    [("expired.p12", "有効期限"), ("wrong-name.p12", "氏名"), ("revoked-personal.p12", "失効")],
)
def test_a_bad_certificate_ends_as_not_accepted_with_its_reason(applicant, file, reason):
    walk.begins(applicant)
    walk.answers(applicant)
    signs_and_sends(applicant, file)

    applicant.sees("申請を受け付けられませんでした")
    assert Application.objects.get().status == Status.NOT_ACCEPTED
    applicant.presses("申請状況を見る")
    applicant.sees("未受付", reason)


def test_a_signature_of_another_application_does_not_fit(applicant):
    walk.begins(applicant)
    walk.answers(applicant)
    signs_and_sends(applicant, content=b"another application")

    assert Application.objects.get().signatures.get().refusal == "altered"


def test_what_was_changed_after_signing_is_not_sent(applicant):
    walk.begins(applicant)
    walk.answers(applicant)
    applicant.presses("署名に進む")
    page, html = applicant.path, applicant.html
    cms = signed(walk.content_of(applicant), PERSONAL)
    applicant.opens(page.replace("signature", "step/user"))
    applicant.fills("使用者名", "軽自　次郎")
    applicant.presses("保存して次へ")
    applicant.path, applicant.html = page, html
    walk.sends(applicant, cms)

    assert applicant.status == 409
    applicant.sees("ほかの画面で内容が変わりました")
    assert not Application.objects.exists()


def test_another_device_goes_on_by_number_and_password(applicant):
    walk.begins(applicant)
    number = Draft.objects.get().number
    applicant.client.cookies.clear()

    applicant.opens("/apply/resume/")
    applicant.fills("手続準備番号", f"{number[:4]}－{number[4:8]} {number[8:]}")
    applicant.fills("申請用パスワード", "wrong-2024")
    applicant.presses("続きを入力する")
    applicant.sees("正しくありません")
    applicant.fills("手続準備番号", number)
    applicant.fills("申請用パスワード", walk.PASSWORD)
    applicant.presses("続きを入力する")

    applicant.sees("手続準備", number[:4])


def test_what_was_sealed_with_a_lost_secret_is_told_to_be_lost(applicant):
    walk.begins(applicant)
    home = applicant.path
    draft = Draft.objects.get()
    Draft.objects.update(salt=sealing.new_salt())

    for page in ("", "check/", "step/user/", "step/files/", "signature/", "text/", "receipt/"):
        applicant.opens(home + page)
        assert applicant.status == 410
        applicant.sees("保存した内容を開けません", "送信されていません")
    applicant.presses("新しく申請を始める")
    Draft.objects.filter(pk=draft.pk).update(salt=draft.salt)
    applicant.opens(home)
    applicant.sees("手続準備")


def test_the_office_is_found_by_the_place_and_the_address_by_its_code(applicant):
    walk.begins(applicant)
    walk_to = walk.STEPS["継続検査"]
    applicant.opens(applicant.path + "step/address/")
    applicant.fills("使用者の郵便番号", "498-0000")
    applicant.presses("郵便番号から住所を入力する")
    applicant.sees("複数の住所があります")
    applicant.presses("愛知県弥富市")
    assert applicant.field("使用者の住所")["value"] == "愛知県弥富市"
    applicant.presses("保存して次へ")
    applicant.opens(applicant.path.rpartition("step/")[0] + "step/base/")
    for what, *how in walk_to["base"]:
        assert what == "choose"
        applicant.chooses(*how)
    applicant.presses("保存して次へ")
    applicant.opens(applicant.path.rpartition("step/")[0] + "step/office/")

    applicant.sees("愛知主管事務所")
    applicant.does_not_see("東京主管事務所")


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        (
            "plate",
            [("fill", "車両番号", "品川 580 さ 1234"), ("choose", "事業用")],
            "ひらがなと用途",
        ),
        ("chassis", [("fill", "車台番号", "AX0１-OOO0001")], "数字の「0」ではありませんか"),
        ("applicant", [("choose", "使用者本人"), ("fill", "申請者名", "髙橋")], "「高橋」と入力"),
        ("address", [("fill", "使用者の郵便番号", "123")], "7桁"),
        (
            "address",
            [("fill", "使用者の郵便番号", "1400002"), ("fill", "使用者の住所", "大阪府大阪市1")],
            "東京都の番号です",
        ),
        ("office", [], "選んでください"),
        ("earlier", [("choose", "引き継ぐ"), ("fill", "以前の受付番号", "2112")], "17桁"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_field_and_kept(applicant, step, typed, said):
    walk.begins(applicant)
    applicant.opens(applicant.path + f"step/{step}/")
    for what, *how in typed:
        {"fill": applicant.fills, "choose": applicant.chooses}[what](*how)
    applicant.presses("保存して次へ")

    applicant.sees(said)
    for what, label, *value in typed:
        if what == "fill":
            assert applicant.field(label)["value"] == value[0]
    assert step not in drafts.answers_of(Draft.objects.get())


def test_files_are_handed_in_signed_and_taken_along(applicant):
    walk.begins(applicant)
    page = applicant.path + "step/files/"
    file = SimpleUploadedFile("../証明書.pdf", hostile.document())
    sent = {"kind": "liability_insurance", "file": file, "add": "1"}
    walk.posts(applicant, page, sent)
    applicant.sees("証明書.pdf")
    bad = SimpleUploadedFile("a.pdf", b"MZ")
    walk.posts(applicant, page, {**sent, "file": bad})
    applicant.sees("PDF、JPEG、PNG")
    applicant.opens(page.replace("step/files/", ""))
    walk.answers(applicant)
    upload = Upload.objects.get()
    assert upload.digest in walk.content_of(applicant).decode()
    signs_and_sends(applicant)

    upload.refresh_from_db()
    assert upload.application == Application.objects.get()
    served = applicant.client.get(applicant.path.replace("receipt", f"files/{upload.key}"))
    assert served["Content-Disposition"].startswith("attachment")
    assert "sandbox" in served["Content-Security-Policy"]
    served.close()


@pytest.mark.parametrize(("entrusted", "says"), [("no", "納付だけ"), ("yes", "納付と申請の手続")])
def test_a_batch_file_names_who_pays(applicant, entrusted, says):
    payers.make(clock.now())
    user = PaymentUser.objects.get(user_id=payers.PAYER)
    _name, packed = batch_file.make(user, clock.now())
    walk.begins(applicant)
    home = applicant.path
    applicant.opens(home + "step/payment/")
    applicant.chooses("まとめ納付")
    applicant.presses("保存して一覧へ")
    page = home + "step/batch_file/"
    forged = packed.replace(b"KNAB1234", b"KNAB1235")
    for content, said in ((forged, "書き換えられた"), (packed, "")):
        applicant.opens(page)
        sent = {
            "version": walk.version_of(applicant),
            "file": SimpleUploadedFile("a", content),
            "payer_is_agent": entrusted,
        }
        walk.posts(applicant, page, sent)
        applicant.sees(said)
    applicant.opens(home)
    walk.answers(applicant, payment=[("choose", "まとめ納付")])
    applicant.sees(payers.PAYER, f"{says}を任せる")
    signs_and_sends(applicant)

    application = Application.objects.get()
    assert (application.payer, application.payment_method) == (payers.PAYER, "batch")
    assert application.payer_is_agent == (entrusted == "yes")
    assert application.status_email == user.status_email


def test_an_agent_is_refused_with_the_condition_that_does_not_hold(applicant):
    walk.begins(applicant)
    home = applicant.path
    applicant.opens(home + "step/receiving/")
    applicant.chooses("記録等事務代行者に頼む（窓口へ行かない）")
    applicant.presses("保存して一覧へ")
    page = home + "step/agent/"
    applicant.opens(page)
    sent = {
        "version": walk.version_of(applicant),
        "electronic": "no",
        "unchanged": "yes",
        "no_papers": "yes",
        "recording_agent_number": "KIROKU0001",
        "recording_agent_name": "指定整備事業者 品川A",
    }
    walk.posts(applicant, page, sent)
    applicant.sees("紙の自動車検査証")
    walk.posts(applicant, page, {**sent, "electronic": "yes"})

    applicant.does_not_see("紙の自動車検査証")


def test_the_codes_of_a_certificate_fill_the_forms_in(applicant):
    walk.begins(applicant)
    applicant.presses("自動車検査証から読み取って入力する")
    applicant.fills("二次元コードの内容", "K/22/品川　５８０さ１２３４/1/AX01-0000001/658/1")
    applicant.presses("読み取る")

    applicant.sees("確かめてから保存してください")
    assert applicant.field("車両番号")["value"] == "品川 - 580 - さ - 1234"
    applicant.presses("保存して次へ")
    assert applicant.field("車台番号")["value"] == "AX01-0000001"
