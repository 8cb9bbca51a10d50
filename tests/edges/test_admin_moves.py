"""Staff move applications by the buttons of the table, and by nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.life import charges, moves
from applications.life.moves import RequestKey
from applications.life.table import TABLE
from applications.models import Application, Rate
from applications.status import Actor, MoveName, Procedure
from koss.ground import clock
from koss.models import OutgoingMail
from tests.staff import field_of, options_of, signed_in, text_of
from tests.world import make

pytestmark = pytest.mark.django_db

AGENT = {"recording_agent_number": "KIROKU0001", "recording_agent_name": "指定整備事業者 品川A"}
REASON = {"reason": "記載に漏れがあります。"}
ORDER = REASON | {"fields_to_correct": ["user_name"]}
PLATE = {"plate": "品川580さ4321"}
TAXED = {"acquisition_price": "1,500,000", "vehicle_tax_rate": "2"}
# Reviewed when the environmental performance tax was still owed.
THEN = clock.at(charges.VEHICLE_TAX_LAST_DAY, hour=12)

SPECIAL = {
    "-": {},
    "batch": {"payment_method": "batch"},
    "exempt": {"weight_class": "exempt"},
    "earlier": {"earlier": True},
    "agent": AGENT,
    "then": {"now": THEN},
    "then_batch": {"now": THEN, "payment_method": "batch"},
}
TYPED = {"-": {}, "reason": REASON, "order": ORDER, "plate": PLATE, "price": TAXED}
# role, move, from, procedure, what is special about the application, what is typed, to
CASES = [
    tuple(line.split())
    for line in """
    reviewer accept 検査申請受付中 継続検査 - - 検査手数料等納付待ち
    reviewer accept 検査申請受付中 新車 batch - 検査手数料等まとめ払い中
    reviewer accept 検査申請受付中 継続検査 earlier - 検査申請審査中
    reviewer invalidate 検査申請受付中 新車 - reason 検査申請無効
    reviewer order_correction 検査申請審査中 継続検査 - order 検査申請補正待ち
    reviewer reject 検査申請審査中 新車 - reason 検査申請却下
    reviewer pass_review 検査申請審査中 継続検査 - - 自動車重量税納付待ち
    reviewer pass_review 検査申請審査中 新車 batch plate 自動車重量税まとめ払い中
    reviewer pass_review 検査申請審査中 継続検査 exempt - 返付準備完了
    reviewer pass_review 検査申請審査中 新車 exempt plate 軽自動車税申告審査中
    reviewer confirm_withdrawal 検査申請取り下げ中 継続検査 - - 検査申請取り下げ
    tax_office order_correction 軽自動車税申告審査中 新車 - order 軽自動車税申告補正待ち
    tax_office pass_tax 軽自動車税申告審査中 新車 - - 交付準備完了
    tax_office pass_tax 軽自動車税申告審査中 新車 then price 軽自動車税納付待ち
    tax_office pass_tax 軽自動車税申告審査中 新車 then_batch price 軽自動車税まとめ払い中
    counter record_return 返付準備完了 継続検査 agent - 返付済
    """.strip().splitlines()
]


def one(status, procedure=None, **special):
    """As ``make``; with ``earlier`` it carries over the fees of a withdrawn application."""
    if special.get("earlier"):
        withdrawn = make("検査申請取り下げ", procedure, through=["awaiting_correction"])
        special = special | {"earlier": withdrawn}
    return make(status, procedure, **special)


def move_url(application, name):
    return reverse("admin:applications_application_move", args=[application.pk, name])


def page_url(application):
    return reverse("admin:applications_application_change", args=[application.pk])


def press(client, application, name, **typed):
    """Open the form, fill it in, send it; returns the answer and what was sent."""
    form = client.get(move_url(application, name))
    sent = {"request_key": field_of(form, "request_key"), **typed}
    if "despite_missing" in form.text:
        sent.setdefault("despite_missing", "on")
    if options_of(form, "deadline"):
        sent.setdefault("deadline", field_of(form, "deadline"))
    return client.post(move_url(application, name), sent), sent


def status_of(application):
    application.refresh_from_db()
    return application.get_status_display()


def test_every_move_of_staff_is_tried_here():
    staff = {Actor.REVIEWER, Actor.TAX_OFFICE, Actor.COUNTER}
    elsewhere = {MoveName.HAND_OVER}  # at the counter, against a code
    declared = {
        (m.by, m.name, m.source.label, m.target.label)
        for m in TABLE
        if m.by in staff and m.name not in elsewhere
    }

    assert {(case[0], case[1], case[2], case[6]) for case in CASES} == declared


@pytest.mark.parametrize(
    ("role", "name", "status", "procedure", "special", "typed", "target"), CASES
)
def test_a_move_by_its_button(role, name, status, procedure, special, typed, target):
    application = one(status, procedure, **SPECIAL[special])
    client = signed_in(role)
    label = str(MoveName(name).label)

    assert label in text_of(client.get(page_url(application)))
    form = client.get(move_url(application, name))
    for words in (status, target, label, application.applicant_name):
        assert words in text_of(form)
    answer, sent = press(client, application, name, **TYPED[typed])

    assert answer.status_code == 302
    assert answer.url == page_url(application)
    assert f"「{target}」にしました。" in text_of(client.get(answer.url))
    assert status_of(application) == target
    last = application.history.last()
    assert (last.move, last.actor, last.by) == (name, role, role)

    again = client.post(move_url(application, name), sent)

    assert (again.status_code, again.url) == (302, page_url(application))
    assert application.history.last() == last


def test_a_stale_form_is_refused_with_what_happened(an_application):
    application = an_application("検査申請審査中")
    client = signed_in("reviewer")
    form = client.get(move_url(application, "reject"))
    entry = moves.perform(
        "pass_review", application, actor=Actor.REVIEWER, now=clock.now(), by="kinuko"
    )

    answer = client.post(
        move_url(application, "reject"), {"request_key": field_of(form, "request_key"), **REASON}
    )

    assert answer.status_code == 409
    assert answer.templates[0].name == "admin/applications/refused.html"
    said = text_of(answer)
    assert "「却下する」は、現在の状況では行えません。" in said
    for words in ("自動車重量税納付待ち", "kinuko", "審査を完了する"):
        assert words in said
    assert page_url(application) in answer.content.decode()
    assert application.history.last() == entry


def test_a_move_that_is_not_open_is_no_form_at_all(an_application):
    application = an_application("検査申請却下")

    assert signed_in("reviewer").get(move_url(application, "reject")).status_code == 409


def test_a_press_without_its_key_is_refused(an_application):
    application = an_application("検査申請受付中")

    answer = signed_in("reviewer").post(move_url(application, "accept"), {"request_key": "x"})

    assert answer.status_code == 409
    assert status_of(application) == "検査申請受付中"


@pytest.mark.parametrize(
    ("name", "procedure", "typed", "message"),
    [
        ("reject", "継続検査", {}, "理由を入力してください。"),
        ("reject", "継続検査", {"reason": " \n　"}, "理由を入力してください。"),
        ("reject", "継続検査", {"reason": "あ" * 2001}, "理由は2000文字以内で"),
        ("order_correction", "継続検査", REASON, "補正項目を選んでください。"),
        ("order_correction", "継続検査", ORDER | {"deadline": ""}, "期限日を入力"),
        ("order_correction", "継続検査", ORDER | {"deadline": "そのうち"}, "の形で入力"),
        ("order_correction", "継続検査", ORDER | {"deadline": "2024-06-05"}, "明日以降"),
        ("order_correction", "継続検査", ORDER | {"deadline": "2150-12-31"}, "1年以内"),
        ("order_correction", "継続検査", REASON | {"fields_to_correct": "email"}, "選べない"),
        ("order_correction", "新車", REASON | {"fields_to_correct": "plate"}, "選べない"),
        (
            "order_correction",
            "継続検査",
            REASON | {"attachments_to_correct": "plate_reservation"},
            "選べない添付書類",
        ),
        ("pass_review", "新車", {}, "車両番号を入力してください。"),
        ("pass_review", "新車", {"plate": "品川 330 さ 1"}, "分類番号「330」は"),
        ("pass_review", "新車", {"plate": "品" * 4096}, "「品川 - 580 - さ - 1234」の形で"),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_is_lost(name, procedure, typed, message):
    application = make("検査申請審査中", procedure)

    answer, sent = press(signed_in("reviewer"), application, name, **typed)

    assert answer.status_code == 200
    assert message in text_of(answer)
    assert status_of(application) == "検査申請審査中"
    assert field_of(answer, "request_key") == sent["request_key"]
    assert str(typed.get("reason", "")).strip()[:20] in text_of(answer)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "取得価額を入力してください。"),
        ({"acquisition_price": "百万円", "vehicle_tax_rate": "2"}, "数字で入力"),
        ({"acquisition_price": "-1", "vehicle_tax_rate": "3"}, "数字で入力"),
        ({"acquisition_price": "1", "vehicle_tax_rate": "3"}, "正しく選択"),
        ({"acquisition_price": "999999999999", "vehicle_tax_rate": "2"}, "桁数を確かめて"),
        ({"acquisition_price": "100000001", "vehicle_tax_rate": "2"}, "桁数を確かめて"),
    ],
)
def test_faults_of_price_and_rate(typed, message):
    application = make("軽自動車税申告審査中", now=THEN)

    answer, _sent = press(signed_in("tax_office"), application, "pass_tax", **typed)

    assert answer.status_code == 200
    assert message in text_of(answer)
    assert status_of(application) == "軽自動車税申告審査中"


def test_the_tax_is_computed_before_anything_is_saved():
    application = make("軽自動車税申告審査中", now=THEN)
    client = signed_in("tax_office")
    typed = {"acquisition_price": "１，２３４，５６７", "vehicle_tax_rate": "0.5"}

    answer, _sent = press(client, application, "pass_tax", calculate="1", **typed)

    assert "軽自動車税環境性能割：¥ 6,100" in text_of(answer)
    assert status_of(application) == "軽自動車税申告審査中"
    press(client, application, "pass_tax", **typed)
    assert status_of(application) == "軽自動車税納付待ち"
    assert application.charges.get(kind="vehicle_tax").amount == 6_100


def test_no_tax_below_the_limit_leads_straight_on():
    application = make("軽自動車税申告審査中", now=THEN)
    typed = {"acquisition_price": "500000", "vehicle_tax_rate": "2"}

    press(signed_in("tax_office"), application, "pass_tax", **typed)

    assert status_of(application) == "交付準備完了"


def test_a_price_is_not_asked_where_no_tax_can_be_owed(an_application):
    application = an_application("軽自動車税申告審査中")

    form = signed_in("tax_office").get(move_url(application, "pass_tax"))

    assert "取得価額" not in text_of(form)


def test_an_order_of_correction_as_it_was_given(an_application):
    application = an_application("検査申請審査中")
    client = signed_in("reviewer")
    form = client.get(move_url(application, "order_correction"))
    usual = options_of(form, "usual_reason")[1]
    six_days_on = clock.today() + timedelta(days=6)

    assert field_of(form, "deadline") == six_days_on.isoformat()
    press(
        client,
        application,
        "order_correction",
        usual_reason=usual,
        reason="使用者名を確かめてください。",
        fields_to_correct=["user_name", "plate"],
        attachments_to_correct=["liability_insurance"],
    )

    order = application.notices.open_corrections().get()
    assert order.reason == f"{usual}\n使用者名を確かめてください。"
    assert (order.deadline, sorted(order.fields)) == (six_days_on, ["plate", "user_name"])
    assert order.attachments == ["liability_insurance"]
    assert (order.by, order.agency) == ("reviewer", "inspection_office")
    application.refresh_from_db()
    assert application.deadline == six_days_on


def test_the_plate_is_kept_in_its_one_form(an_application):
    application = an_application("検査申請審査中", "新車")

    press(signed_in("reviewer"), application, "pass_review", plate="ナニワ 580 ア 1")

    application.refresh_from_db()
    assert application.plate == "なにわ - 580 - あ - 1"


def test_the_page_says_who_gets_a_mail_and_until_when_to_pay(an_application):
    application = an_application("検査申請審査中", status_email="bulk@dealer.example")

    said = text_of(signed_in("reviewer").get(move_url(application, "pass_review")))

    assert "keiji@gyosei.example bulk@dealer.example" in said
    due = charges.one_month_after(clock.today())
    assert f"納付期限 {due.year}年 {due.month:02}月 {due.day:02}日" in said


def test_what_the_page_promised_is_what_happens():
    """Deadline and mail of the consequences are those of the move, for every move of staff."""
    for role, name, status, procedure, special, typed, _target in CASES:
        application = one(status, procedure, **SPECIAL[special])
        client = signed_in(role, username=f"{role}{application.pk}")
        said = text_of(client.get(move_url(application, name)))
        mails = OutgoingMail.objects.count()

        answer, _sent = press(client, application, name, **TYPED[typed])

        assert answer.status_code == 302
        application.refresh_from_db()
        assert ("送られません" in said) == (OutgoingMail.objects.count() == mails)
        if "納付期限" in said and "（税額がある場合）" not in said:
            due = application.deadline
            assert f"納付期限 {due.year}年 {due.month:02}月 {due.day:02}日" in said


def test_a_missing_rate_is_told_and_nothing_moves(an_application):
    application = an_application("検査申請審査中")
    Rate.objects.filter(kind="weight_tax").delete()

    answer, _sent = press(signed_in("reviewer"), application, "pass_review")

    assert answer.status_code == 200
    assert "税・手数料額表に、この申請に当たる行がありません。" in text_of(answer)
    assert status_of(application) == "検査申請審査中"


def test_somebody_with_two_roles_uses_the_one_that_fits(an_application):
    application = an_application("軽自動車税申告審査中")
    client = signed_in("reviewer", "tax_office")

    answer, sent = press(client, application, "order_correction", **ORDER)
    again = client.post(move_url(application, "order_correction"), sent)

    assert (answer.status_code, again.status_code) == (302, 302)
    assert application.history.last().actor == Actor.TAX_OFFICE
    assert application.notices.open_corrections().get().agency == "tax_office"


def test_buttons_are_the_open_moves_of_the_role(an_application):
    application = an_application("返付準備完了", **AGENT)
    expected = {
        "reviewer": [],
        "tax_office": [],
        "counter": ["代行者による返付を記録する"],
    }
    for role, labels in expected.items():
        answer = signed_in(role).get(page_url(application))
        assert [name.label for name in answer.context["buttons"]] == labels


@pytest.mark.parametrize("ready", ["返付準備完了", "交付準備完了"])
def test_nothing_is_handed_over_without_a_code(an_application, ready):
    application = an_application(ready)
    client = signed_in("counter")

    said = text_of(client.get(page_url(application)))

    assert "二次元コードを読み取って渡します。 窓口の画面を開く" in said
    assert "交付物を渡す" not in said
    forged = REASON | {"request_key": f"{application.version}.{'0' * 32}"}
    assert client.get(move_url(application, "hand_over")).status_code == 403
    assert client.post(move_url(application, "hand_over"), forged).status_code == 403
    bulk = reverse("admin:applications_application_bulk", args=["hand_over"])
    row = {"row": f"{application.pk}:{forged['request_key']}"}
    assert client.post(bulk, forged | row).status_code == 403
    assert status_of(application) == ready


def test_a_superuser_sees_everything_and_moves_nothing(an_application):
    application = an_application("検査申請審査中")
    client = signed_in(superuser=True)

    page = client.get(page_url(application))

    assert "いま行える処理はありません。" in text_of(page)
    assert client.get(move_url(application, "reject")).status_code == 403
    assert client.post(move_url(application, "reject"), REASON).status_code == 403
    assert status_of(application) == "検査申請審査中"


@pytest.mark.parametrize("name", ["withdraw", "settle", "take_in", "let_fees_lapse", "no_move"])
def test_moves_of_others_are_nobody_s_here(an_application, name):
    application = an_application("検査手数料等まとめ払い中")
    client = signed_in("reviewer", "tax_office", "counter", superuser=True)

    assert client.post(move_url(application, name), {}).status_code == 403
    assert status_of(application) == "検査手数料等まとめ払い中"
    assert Application.objects.get().procedure == Procedure.CONTINUED_INSPECTION


def test_a_review_does_not_pass_without_papers_unseen(an_application):
    """The page names what is missing, and asks for a tick before it lets the review pass."""
    application = an_application("検査申請審査中", partial_review="to_do", procedure="新車")
    client = signed_in("reviewer")

    said = text_of(client.get(move_url(application, "pass_review")))
    for words in ("書類などがそろっていません", "完成検査終了証兼譲渡証明書", "一部書類審査"):
        assert words in said
    sent = {"plate": "品川 580 さ 1234", "request_key": str(RequestKey.fresh(application))}
    refused = client.post(move_url(application, "pass_review"), sent)
    assert "そろっていないものを確かめて、チェックを付けてください。" in text_of(refused)
    assert status_of(application) == "検査申請審査中"

    client.post(move_url(application, "pass_review"), sent | {"despite_missing": "on"})
    assert status_of(application) == "自動車重量税納付待ち"


def test_nothing_is_asked_where_all_papers_are_there(an_application):
    application = an_application("検査申請審査中")
    application.attachments.update(state="obtained")

    said = text_of(signed_in("reviewer").get(move_url(application, "pass_review")))
    assert "そろってい" not in said
