"""申請の補正 for the text fields that the order names."""

from datetime import timedelta

import pytest
import time_machine

from applications import moves
from applications.models import Notice
from koss import clock
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


def test_correcting_what_the_order_names(visitor, ordered):
    signs_in(visitor, ordered)

    visitor.presses("申請を補正する")
    visitor.sees("補正指示が出ています", "車両番号を確認してください。")
    visitor.fills("車両番号", "品川５８０さ１２３５")
    visitor.fills("使用者名", "軽自　太郎")
    visitor.presses("補正内容を確認する")
    visitor.sees_in_order(
        "補正内容の確認", "車両番号", "品川 - 580 - さ - 1234", "品川 - 580 - さ - 1235"
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
    visitor.presses("申請を補正する")
    before = ordered.chassis_number
    press = str(moves.Press.fresh(ordered))

    visitor.client.post(
        f"{page}correction/review/",
        {
            "press": press,
            "plate": "品川 - 580 - さ - 1235",
            "user_name": "軽自 太郎",
            "chassis_number": "FORGED-1",
            "email": "forged@example.example",
            "status": "returned",
        },
    )

    ordered.refresh_from_db()
    assert ordered.plate == "品川 - 580 - さ - 1235"
    assert ordered.chassis_number == before
    assert "forged" not in ordered.email
    assert ordered.get_status_display() == "検査申請審査中"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "車両番号は"),
        ("nonsense", "車両番号"),
        ("品川 - 580 - さ - 12345", "車両番号"),
        ("品\x00川", "使用できない文字"),
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
    form = {
        "press": str(moves.Press.fresh(ordered)),
        "plate": "品川 - 580 - さ - 1235",
        "user_name": "軽自 太郎",
    }

    first = visitor.client.post(f"{page}correction/review/", form)
    second = visitor.client.post(f"{page}correction/review/", form)

    assert (first.status_code, first.url) == (second.status_code, second.url) == (302, page)
    assert ordered.history.filter(move="send_correction").count() == 1


def test_a_form_of_an_earlier_order_is_refused(visitor, ordered):
    page = signs_in(visitor, ordered)
    visitor.presses("申請を補正する")
    stale = {
        "press": str(moves.Press.fresh(ordered)),
        "plate": "品川 - 580 - さ - 9999",
        "user_name": "軽自 太郎",
    }
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

    response = visitor.client.post(f"{page}correction/review/", stale)

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


def test_without_an_order_there_is_nothing_to_correct(visitor, an_application):
    page = signs_in(visitor, an_application("検査申請審査中"))

    visitor.opens(f"{page}correction/")

    assert visitor.status == 409
    visitor.sees("いま答える補正の指示がありません")
