"""【申請共通】申請取り下げの操作手順 Ver 1.4, part 1."""

import pytest

from tests.signing_in import signs_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("procedure", ["継続検査", "新車"])
@pytest.mark.parametrize("status", ["検査申請補正待ち", "検査手数料等まとめ払い中"])
def test_withdrawing_from_the_status_page(visitor, an_application, status, procedure):
    """1. 状況照会画面から申請を取り下げる"""
    signs_in(visitor, an_application(status, procedure=procedure))

    visitor.presses("申請を取り下げる")  # ①
    visitor.sees("この受付番号の申請を続けることはできなくなります")
    visitor.presses("OK")  # ②

    visitor.sees_in_order("通知等があります", "検査申請取り下げ中")  # ③
    assert ("通知等情報", "取り下げ") in visitor.rows()
    assert not visitor.can_press("申請を取り下げる")


def test_cancelling_the_message_changes_nothing(visitor, an_application):
    """② キャンセル"""
    application = an_application("検査申請補正待ち")
    signs_in(visitor, application)

    visitor.presses("申請を取り下げる")
    visitor.presses("キャンセル")

    visitor.sees("検査申請補正待ち")
    assert visitor.can_press("申請を取り下げる")
    assert application.history.filter(move="withdraw").count() == 0


def test_after_the_association_confirmed_the_status_says_so(visitor, an_application):
    """③ 補足"""
    signs_in(visitor, an_application("検査申請取り下げ"))

    visitor.sees_in_order("現在の申請状況", "検査申請取り下げ 状況更新日時")


@pytest.mark.parametrize(
    ("status", "fields", "why"),
    [
        ("検査手数料等納付待ち", {}, "個別納付の申請は"),
        ("検査手数料等まとめ払い中", {"numbered": True}, "納付番号を取得したあとは"),
        ("検査申請審査中", {}, "いまの申請状況では"),
        ("返付準備完了", {}, "いまの申請状況では"),
        ("自動車重量税まとめ払い中", {}, "いまの申請状況では"),
    ],
)
def test_every_other_case_has_no_button_and_is_refused(
    visitor, an_application, status, fields, why
):
    """The table before part 1, and its 補足"""
    application = an_application(status, **fields)
    signs_in(visitor, application)
    assert not visitor.can_press("申請を取り下げる")

    visitor.opens(f"{visitor.path}withdrawal/")

    assert visitor.status == 409
    visitor.sees(why, status)
    application.refresh_from_db()
    assert application.get_status_display() == status


def test_a_page_gone_stale_is_refused(visitor, an_application):
    """A number was taken while the message stood on the screen"""
    application = an_application("検査手数料等まとめ払い中")
    signs_in(visitor, application)
    visitor.presses("申請を取り下げる")
    application.charges.update(number_taken_at=application.status_changed_at)

    visitor.presses("OK")

    assert visitor.status == 409
    visitor.sees("納付番号を取得したあとは")
    application.refresh_from_db()
    assert application.get_status_display() == "検査手数料等まとめ払い中"
