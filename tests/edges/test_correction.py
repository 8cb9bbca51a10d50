"""申請の補正 for the text fields that the order names."""

from datetime import timedelta

import pytest
import time_machine

from applications.demo.journeys import PASSWORD
from applications.life import moves
from applications.models import Notice
from koss.ground import clock
from tests.signing_in import signs_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ordered(an_application):
    return an_application(
        "検査申請補正待ち",
        procedure="継続検査",
        plate="品川 - 580 - さ - 1234",
        user_name="軽自 太郎",
        fields_to_correct=("plate", "user_name"),
        reason="車両番号を確認してください。",
    )


CHANGED = {"plate": "品川 - 580 - さ - 1235", "user_name": "軽自 太郎"}


def proposes(visitor, application, page, *, request_key=None, **fields):
    """The form, as it is sent when nothing was proposed before; the answer to it."""
    application.refresh_from_db()
    request_key = request_key or str(moves.RequestKey.fresh(application))
    sent = {"request_key": request_key, "version": "0", **fields}
    return visitor.client.post(f"{page}correction/", sent)


def sends(visitor, application, page, *, request_key=None, version="1", **fields):
    """The review, sent; the answer to it."""
    sent = {
        "request_key": request_key or str(moves.RequestKey.fresh(application)),
        "version": version,
        **fields,
    }
    return visitor.client.post(f"{page}correction/review/", sent)


def test_correcting_what_the_order_names(visitor, ordered):
    signs_in(visitor, ordered)

    visitor.presses("申請を補正する")
    visitor.sees("補正指示が出ています", "車両番号を確認してください。")
    visitor.fills("車両番号", "品川５８０さ１２３５")
    visitor.fills("使用者名", "軽自　太郎")
    visitor.presses("補正内容を確認する")
    visitor.sees_in_order(
        "補正内容の確認", "車両番号", "品川 - 580 - さ - 123 4", "品川 - 580 - さ - 123 5", "変更"
    )
    visitor.presses("補正を申請する")

    visitor.sees("検査申請審査中")
    ordered.refresh_from_db()
    assert (ordered.plate, ordered.user_name) == ("品川 - 580 - さ - 1235", "軽自　太郎")
    order = Notice.objects.get(application=ordered)
    assert order.answers == {
        "plate": ["品川 - 580 - さ - 1234", "品川 - 580 - さ - 1235"],
        "user_name": ["軽自 太郎", "軽自　太郎"],
    }


def test_a_field_that_the_order_does_not_name_cannot_be_changed(visitor, ordered):
    page = signs_in(visitor, ordered)
    before = ordered.chassis_number
    forged = {
        "chassis_number": "FORGED-1",
        "email": "forged@example.example",
        "status": "returned",
    }

    proposes(visitor, ordered, page, **CHANGED, **forged)
    sends(visitor, ordered, page, **forged)

    ordered.refresh_from_db()
    assert ordered.plate == "品川 - 580 - さ - 1235"
    assert ordered.chassis_number == before
    assert "forged" not in ordered.email
    assert ordered.get_status_display() == "検査申請審査中"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "車両番号を入力してください"),
        ("nonsense", "車両番号"),
        ("品川 - 580 - さ - 12345", "車両番号"),
        ("品川500さ1234", "分類番号「500」は軽自動車のものではありません"),
        ("あ" * 4096, "文字"),
    ],
)
def test_bad_input_gets_a_message_and_keeps_what_was_typed(visitor, ordered, typed, message):
    signs_in(visitor, ordered)
    visitor.presses("申請を補正する")
    visitor.fills("車両番号", typed)
    visitor.fills("使用者名", "軽自 次郎")

    visitor.presses("補正内容を確認する")

    assert visitor.status == 200
    assert visitor.field("車両番号")["aria-invalid"] == "true"
    visitor.sees(message)
    assert visitor.field("車両番号")["value"] == typed
    assert visitor.field("使用者名")["value"] == "軽自 次郎"


def test_going_back_keeps_what_was_typed(visitor, ordered):
    signs_in(visitor, ordered)
    visitor.presses("申請を補正する")
    visitor.fills("使用者名", "軽自 次郎")
    visitor.presses("補正内容を確認する")

    visitor.presses("戻る")

    assert visitor.field("使用者名")["value"] == "軽自 次郎"


def test_pressing_send_twice_shows_the_same_result_once(visitor, ordered):
    page = signs_in(visitor, ordered)
    proposes(visitor, ordered, page, **CHANGED)
    request_key = str(moves.RequestKey.fresh(ordered))

    first = sends(visitor, ordered, page, request_key=request_key)
    second = sends(visitor, ordered, page, request_key=request_key)

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert (first.status_code, first.url) == (302, f"{page}?done=send_correction")
    assert ordered.history.filter(move="send_correction").count() == 1


def test_a_form_of_an_earlier_order_is_refused(visitor, ordered):
    page = signs_in(visitor, ordered)
    proposes(visitor, ordered, page, **CHANGED)
    stale = str(moves.RequestKey.fresh(ordered))
    now = clock.now()
    moves.perform(
        "send_correction",
        ordered,
        actor="applicant",
        now=now,
        inputs=moves.Inputs(changes={"plate": ordered.plate, "user_name": ordered.user_name}),
    )
    moves.perform(
        "order_correction",
        ordered,
        actor="reviewer",
        now=now,
        inputs=moves.Inputs(
            reason="もう一度",
            deadline=clock.day(now) + timedelta(days=6),
            fields=("plate", "user_name"),
        ),
    )

    assert proposes(visitor, ordered, page, request_key=stale, **CHANGED).status_code == 409
    proposes(visitor, ordered, page, plate="品川 - 580 - さ - 1236", user_name="軽自 太郎")
    response = sends(visitor, ordered, page, request_key=stale)

    assert response.status_code == 409
    ordered.refresh_from_db()
    assert ordered.plate == "品川 - 580 - さ - 1234"


def test_between_midnight_and_the_night_nothing_overdue_can_be_corrected(visitor, ordered):
    last_second = clock.at(ordered.deadline, hour=23, minute=59, second=59)
    with time_machine.travel(last_second, tick=False):
        page = signs_in(visitor, ordered)
        visitor.presses("申請を補正する")
        assert visitor.status == 200
    with time_machine.travel(clock.at(ordered.deadline + timedelta(days=1))):
        visitor.opens(f"{page}correction/")
        assert visitor.status == 409
        visitor.sees("補正期限を過ぎたため", "検査申請補正待ち")


@pytest.mark.parametrize(("seconds", "code"), [(-1, 302), (0, 409)])
def test_a_review_that_is_sent_at_midnight_is_too_late(visitor, ordered, seconds, code):
    midnight = clock.at(ordered.deadline + timedelta(days=1))
    with time_machine.travel(midnight - timedelta(minutes=5), tick=False):
        page = signs_in(visitor, ordered)
        proposes(visitor, ordered, page, **CHANGED)
        request_key = str(moves.RequestKey.fresh(ordered))
    with time_machine.travel(midnight + timedelta(seconds=seconds), tick=False):
        answer = sends(visitor, ordered, page, request_key=request_key)

    ordered.refresh_from_db()
    assert answer.status_code == code
    assert (ordered.plate == CHANGED["plate"]) == (code == 302)


@pytest.mark.parametrize("typed", ["髙橋 太郎", "山﨑"])
def test_high_level_characters_are_refused_with_their_substitute(visitor, ordered, typed):
    signs_in(visitor, ordered)
    visitor.presses("申請を補正する")
    visitor.fills("使用者名", typed)

    visitor.presses("補正内容を確認する")

    visitor.sees("高水準文字", typed.replace("髙", "高").replace("﨑", "崎") + "」と入力")
    assert visitor.field("使用者名")["value"] == typed


def test_a_doubtful_letter_of_the_chassis_number_is_asked_about(visitor, an_application):
    fields = ("chassis_number", "user_name")
    application = an_application("検査申請補正待ち", "継続検査", fields_to_correct=fields)
    signs_in(visitor, application)
    visitor.presses("申請を補正する")
    visitor.fills("車台番号", "AXO1-0000009")
    visitor.presses("補正内容を確認する")
    visitor.sees("数字の「0」ではありませんか")
    visitor.ticks("入力した文字で間違いありません")

    visitor.presses("補正内容を確認する")

    visitor.sees_in_order("補正内容の確認", "車台番号", "変更あり", "（変更なし）")


def test_the_menus_lead_to_the_login_and_from_there_to_the_correction(visitor, ordered):
    visitor.opens("/bulk/")
    visitor.presses("申請の補正")
    visitor.sees("状況照会 ログイン")
    visitor.fills("受付番号（到達番号）", ordered.receipt_number)
    visitor.presses("次へ")
    visitor.fills("申請用パスワード", "wrong-2024")
    visitor.presses("ログイン")
    visitor.fills("申請用パスワード", PASSWORD)
    visitor.presses("ログイン")

    visitor.sees("申請の補正", "直すことができるのは")
    for menu in ("/screen/", "/bulk/"):
        visitor.opens(menu)
        ways = [a["href"] for a in visitor.page.all("a") if a.text == "申請した内容の補正を行う"]
        assert set(ways) == {"/status/login/correction/"}


def test_the_declaration_of_the_tax_is_corrected_in_the_same_way(visitor, an_application):
    fields = ("owner_name", "owner_name_full")
    application = an_application("軽自動車税申告補正待ち", fields_to_correct=fields)
    signs_in(visitor, application)
    visitor.presses("申請を補正する")
    visitor.sees("軽自動車税申告窓口")
    visitor.fills("所有者名", "高橋商事")
    visitor.fills("所有者名（高水準）", "髙橋商事")
    visitor.presses("補正内容を確認する")
    visitor.presses("補正を申請する")

    visitor.sees("補正を申請しました", "軽自動車税申告審査中")
    application.refresh_from_db()
    assert (application.owner_name, application.owner_name_full) == ("高橋商事", "髙橋商事")


def test_without_an_order_there_is_nothing_to_correct(visitor, an_application):
    page = signs_in(visitor, an_application("検査申請審査中"))

    visitor.opens(f"{page}correction/")

    assert visitor.status == 409
    visitor.sees("いま答える補正の指示がありません")


def test_a_correction_that_changes_nothing_is_refused_beside_the_field(visitor, an_application):
    application = an_application(
        "検査申請補正待ち", fields_to_correct=("applicant_name", "user_name")
    )
    page = signs_in(visitor, application)
    visitor.opens(f"{page}correction/")
    visitor.fills("申請者名", f" {application.applicant_name} ")

    visitor.presses("補正内容を確認する")

    visitor.sees("どの項目も変わっていません。")
    assert visitor.field("申請者名")["aria-invalid"] == "true"
    sends(visitor, application, page)
    assert not application.history.filter(move="send_correction").exists()
