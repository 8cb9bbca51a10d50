"""申請の補正 of every field that an order can open: named, typed, compared, sent, and kept."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.apply import address_file
from applications.apply.address_file import AddressProof
from applications.correcting import whole
from applications.inquiry import signing_in
from applications.life import correctable, moves
from applications.life.corrections import usual_deadline
from applications.models import Office, Particulars
from applications.status import Procedure, Status
from koss.ground import clock
from tests.practice import signed
from tests.signing_in import let_in
from tests.staff import signed_in, text_of
from tests.world import make

pytestmark = pytest.mark.django_db
# The addresses of demo mode, in which practice certificates are believed.
DEMO = pytest.mark.urls("tests.edges.test_demo_pages")
C, N = Procedure.CONTINUED_INSPECTION, Procedure.NEW_VEHICLE
# What is typed, and what is kept of it.
TYPED = {
    "plate": ("品川５８０わ１２３５", "品川 - 580 - わ - 1235"),
    "vehicle_use": ("rental", "rental"),
    "chassis_number": ("ＡＸ０１－００００００９", "AX01-0000009"),
    "type_designation": ("２３４５６", "23456"),
    "category_number": ("0002", "0002"),
    "insurance_number": ("ａｂ－１２", "AB-12"),
    "certificate_number": ("c 12", "C12"),
    "completion_number": ("d12", "D12"),
    "reservation_number": ("r12", "R12"),
    "applicant_kind": ("agent", "agent"),
    "applicant_name": ("軽自　花子", "軽自　花子"),
    "user_name": ("高橋　太郎", "高橋　太郎"),
    "user_name_full": ("髙橋　太郎", "髙橋　太郎"),
    "owner_name": ("軽自商事", "軽自商事"),
    "owner_name_full": ("輕自商事", "輕自商事"),
    "postal_code": ("〒530-0001", "5300001"),
    "address": ("大阪府大阪市北区梅田1-1", "大阪府大阪市北区梅田1-1"),
    "base_address": ("大阪府大阪市北区梅田2-2", "大阪府大阪市北区梅田2-2"),
    "weight_class": ("eco", "eco"),
    "receiver_name": ("軽自動車商会", "軽自動車商会"),
    "recording_agent_number": ("a-99", "A-99"),
    "recording_agent_name": ("記録商会", "記録商会"),
}
# What the steps of 申請を行う refuse, and a part of the sentence.
BAD = {
    "plate": ("品川500さ1234", "軽自動車のものではありません"),
    "vehicle_use": ("", "用途を選んでください"),
    "chassis_number": ("車台", "英数字とハイフン"),
    "type_designation": ("123", "型式指定番号"),
    "category_number": ("", "類別区分番号を入力してください"),
    "insurance_number": ("番号", "英数字とハイフン"),
    "certificate_number": ("x" * 31, "30文字以内"),
    "completion_number": ("※", "英数字とハイフン"),
    "reservation_number": ("x" * 21, "20文字以内"),
    "applicant_kind": ("nobody", "申請者区分を選んでください"),
    "applicant_name": ("", "申請者名を入力してください"),
    "user_name": ("髙橋", "「高橋」と入力してください"),
    "user_name_full": ("\ue000", "外字"),
    "owner_name": ("", "所有者名を入力してください"),
    "owner_name_full": ("🚗", "使用できない文字"),
    "postal_code": ("12", "7桁"),
    "address": ("品川区東品川", "都道府県から入力してください"),
    "base_address": ("", "使用の本拠の位置を入力してください"),
    "office": ("0", "選んでください"),
    "weight_class": ("free", "重量税区分を選んでください"),
    "receiver_name": ("abc", "受取者名"),
    "recording_agent_number": ("番号", "英数字とハイフン"),
    "recording_agent_name": ("🚗", "使用できない文字"),
}
SAID = AddressProof("軽自　太郎", "", "530-0001", "大阪府大阪市北区梅田1-1")


def ready(procedure, **fields):
    """In review, made with particulars as on screen."""
    application = make(Status.IN_REVIEW, procedure, **fields)
    Particulars.objects.create(
        application=application,
        applicant_kind="self",
        vehicle_use="private",
        postal_code="1400002",
        address="東京都品川区東品川1-1-1",
        base_address="東京都品川区東品川1-1-1",
        type_designation="12345" if procedure == N else "",
        category_number="0001" if procedure == N else "",
    )
    return application


def ordered(application, fields):
    inputs = moves.Inputs(reason="確認してください。", fields=tuple(fields))
    moves.perform("order_correction", application, actor="reviewer", now=clock.now(), inputs=inputs)
    application = type(application).objects.get(pk=application.pk)
    client = Client()
    handle = let_in(client, signing_in.open_inquiry, application)
    return application, client, reverse("applications:correction", args=[handle])


def posts(client, application, page, **typed):
    key = str(moves.RequestKey.fresh(application))
    order = application.notices.first()
    sent = {"request_key": key, "version": str(order.proposal_version), **typed}
    return client.post(page, sent)


def a_proof(said=SAID):
    now = clock.now()
    text = address_file.text_of(said, now)
    return address_file.make(text, signed(text, "personal.p12"), now=now)


AGENT = {"recording_agent_number": "A-1", "recording_agent_name": "代行者"}
RECEIVER = {"receiving_method": "receiver_code", "receiver_name": "受取者"}


@pytest.mark.parametrize(("procedure", "more"), [(C, AGENT), (N, RECEIVER)])
def test_every_field_is_typed_compared_and_kept(procedure, more):
    application = ready(procedure, **more)
    opened = [name for item in correctable.items_of(application) for name in item.fields]
    fields = [name for name in dict.fromkeys(opened) if name != "address_file"]
    before = {name: correctable.value_of(application, name) for name in fields}
    application, client, page = ordered(application, fields)
    other = Office.objects.exclude(pk=application.office_id).first()
    typed = {name: TYPED[name][0] for name in fields if name != "office"} | {"office": other.pk}
    kept = {name: TYPED[name][1] for name in fields if name != "office"} | {"office": other.pk}

    # Every bad one comes back with its message beside it, and nothing else is lost.
    answer = posts(client, application, page, **{name: BAD[name][0] for name in fields}).text
    for name in fields:
        errors = answer.partition(f'id="id_{name}_error"')[2].partition("</ul>")[0]
        assert BAD[name][1] in html.unescape(errors), name

    assert posts(client, application, page, **typed).status_code == 302
    review = client.get(f"{page}review/").text
    for words in ("代理人（行政書士など）", other.name, "変更あり"):
        assert words in review
    # What was typed is what would be signed again.
    order = application.notices.get()
    said = whole.text_of(order, order.proposal).decode()
    for name in ("applicant_name", "insurance_number", "base_address"):
        assert str(kept[name]) in said
    key = str(moves.RequestKey.fresh(application))
    assert client.post(f"{page}review/", {"request_key": key, "version": "1"}).status_code == 302

    application = type(application).objects.get(pk=application.pk)
    assert {name: correctable.value_of(application, name) for name in fields} == kept
    order.refresh_from_db()
    assert order.answers == {name: [before[name], kept[name]] for name in fields}
    staff = signed_in("reviewer")
    page = reverse("admin:applications_application_change", args=[application.pk])
    shown = text_of(staff.get(page))
    assert "申請の版" in shown
    assert shown.count("変更あり") >= len(fields)
    for words in ("代理人（行政書士など）", "530-0001", other.name):
        assert words in shown
    told = text_of(staff.get(reverse("admin:applications_notice_change", args=[order.pk])))
    assert "申請者区分：使用者本人 → 代理人（行政書士など）" in told


def test_staff_choose_by_name_and_read_what_no_order_opens():
    staff = signed_in("reviewer")
    application = ready(C)
    page = reverse("admin:applications_application_move", args=[application.pk, "order_correction"])
    said = text_of(staff.get(page))
    for words in (
        "使用者の郵便番号・使用者の住所",
        "用途・車両番号",
        "使用の本拠の位置",
        "使用者の住所を直しても、使用の本拠の位置は変わりません。",
        "補正を指示できない項目",
        "申請用パスワード・メールアドレス 申請したあとは変えられません。",
        "受取者名（証明書等管理業者名） 受取者（証明書等管理業者）が受け取る申請ではありません。",
    ):
        assert words in said
    sent = {
        "request_key": str(moves.RequestKey.fresh(application)),
        "reason": "住所が違います。",
        "deadline": usual_deadline(clock.now()).isoformat(),
        "fields_to_correct": ["postal_code", "vehicle_use"],
    }

    assert staff.post(page, sent).status_code == 302

    assert application.notices.get().fields == ["vehicle_use", "plate", "postal_code", "address"]


def test_an_address_that_does_not_fit_its_code_is_told_beside_it():
    application, client, page = ordered(ready(C), ("postal_code", "address"))

    answer = posts(client, application, page, postal_code="5300001", address="東京都品川区1")

    assert "郵便番号530-0001は大阪府の番号です" in answer.text


def test_a_reservation_is_looked_for_once_its_number_is_there():
    application = ready(N, not_needed=("plate_reservation",))
    application, _client, _page = ordered(application, ("reservation_number",))
    paper = application.attachments.get(kind="plate_reservation")
    assert paper.state == "not_needed"
    answers(application, reservation_number="R12")
    paper.refresh_from_db()
    assert paper.state == "missing"

    ordered(application, ("reservation_number",))
    answers(application, reservation_number="")

    paper.refresh_from_db()
    assert paper.state == "not_needed"


def test_without_an_agent_nobody_returns_for_it():
    application = ready(C, **AGENT, recording_agent_allowed=True)
    application, client, page = ordered(application, AGENT)
    half = posts(client, application, page, recording_agent_number="A-1")
    assert "両方を空欄にしてください" in half.text

    answers(application, recording_agent_number="", recording_agent_name="")

    application.refresh_from_db()
    assert not application.recording_agent_allowed


def answers(application, **changes):
    now = clock.now()
    inputs = moves.Inputs(changes=changes)
    return moves.perform("send_correction", application, actor="applicant", now=now, inputs=inputs)


@DEMO
def test_a_new_proof_of_the_address_is_taken_and_must_agree(practice):
    """The name in the file was wrong: an order asks for it anew, together with the name."""
    fields = ("user_name", "user_name_full", "postal_code", "address", "address_file")
    application, client, page = ordered(ready(N), fields)
    typed = {name: TYPED[name][0] for name in ("postal_code", "address")}
    typed |= {"user_name": SAID.user_name, "user_name_full": ""}

    def sends(packed=None, **more):
        file = {"address_file": SimpleUploadedFile("a.json", packed)} if packed else {}
        return posts(client, application, page, **typed, **file, **more)

    assert "使用者の住所証明ファイルを選んでください" in sends().text
    assert "読み取れません" in sends(b"{}").text
    # Kept at once, so that another fault does not lose it …
    typed["user_name"] = "髙橋"
    assert "「高橋」と入力" in sends(a_proof()).text
    assert "軽自　太郎　530-0001 大阪府大阪市北区梅田1-1" in client.get(page).text
    # … and compared with what is typed beside it.
    typed["user_name"] = "高橋　次郎"
    assert "一文字ずつ一致させてください" in sends().text
    assert client.get(f"{page}review/").status_code == 302
    typed["user_name"] = SAID.user_name
    assert sends().status_code == 302
    # A later file that disagrees closes the way on.
    other = AddressProof("軽自　太郎", "", "140-0002", "東京都品川区東品川1-1-1")
    sends(a_proof(other), add="1")
    assert client.get(f"{page}review/").status_code == 302
    sends(a_proof())
    order = application.notices.get()
    assert "使用者の住所証明ファイル：SHA-256" in whole.text_of(order, order.proposal).decode()
    key = str(moves.RequestKey.fresh(application))
    sent = {"request_key": key, "version": str(order.proposal_version)}
    assert client.post(f"{page}review/", sent).status_code == 302

    row = Particulars.objects.get(application=application)
    assert address_file.said_in(row.address_file) == SAID
    staff = signed_in("reviewer")
    shown = text_of(
        staff.get(reverse("admin:applications_application_change", args=[application.pk]))
    )
    assert "軽自 太郎 530-0001 大阪府" in shown
    assert '"signature"' not in shown
    alone = staff.get(reverse("admin:applications_particulars_change", args=[row.pk]))
    assert "軽自 太郎 530-0001 大阪府" in text_of(alone)
    assert "&quot;signature&quot;" not in alone.text
