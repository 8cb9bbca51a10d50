"""まとめ納付情報選択, まとめ納付情報確認, 詳細, CSV and 取り下げ."""

from datetime import timedelta

import pytest

from koss.ground import clock
from payments.batches import withdrawing
from payments.batches.views import batches as views
from payments.demo import payers
from payments.models import PaymentInformation, PaymentState
from payments.numbers import taking
from tests.signing_in import signs_in_to_pay
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
FEES = "検査手数料等まとめ払い中"
WEIGHT_TAX = "自動車重量税まとめ払い中"


@pytest.fixture
def batch(an_application):
    """One of fees for two applications, without its numbers yet."""
    rows = [an_application(FEES), an_application(FEES, plate="品川 - 580 - す - 9999")]
    [information] = taking.take(payers.payment_user(), [row.pk for row in rows], now=clock.now())
    return information


def opens_list(visitor):
    """Returns the path of the payer's pages."""
    menu = signs_in_to_pay(visitor)
    visitor.presses("まとめ納付情報選択")
    visitor.presses("検索")
    return menu.removesuffix("menu/")


def change(batch, **fields):
    PaymentInformation.objects.filter(pk=batch.pk).update(**fields)


def numbers_arrive(batch):
    change(
        batch,
        agency_number="00100",
        payment_number="30000000000000000003",
        confirmation_number="130110",
        numbered_at=clock.now(),
    )


def test_the_list_has_the_columns_of_the_manual(visitor, batch):
    opens_list(visitor)

    heads, [row] = visitor.table("納付情報の一覧")

    assert heads == [
        "収納機関番号",
        "納付番号",
        "確認番号",
        "納付区分",
        "税・手数料種別",
        "金額",
        "収納機関名(漢字)",
        "収納機関名(カナ)",
        "まとめ納付状況",
        "納付期限",
        "納付",
    ]
    assert row[:5] == ["-", "-", "-", "-", "検査手数料・技術情報管理手数料"]
    assert row[5] == "¥ 3,200 詳細"
    assert row[6:9] == [
        "軽自動車検査協会・自動車技術総合機構",
        "ｹｲｼﾞﾄﾞｳｼﾔｹﾝｻｷﾖｳｶｲ・ｼﾞﾄﾞｳｼﾔｷﾞｼﾞﾕﾂｿｳｺﾞｳｷｺｳ",
        "未納",
    ]
    assert row[10] == "納付 取り下げ"


def test_numbers_are_shown_once_they_are_there(visitor, batch):
    numbers_arrive(batch)
    opens_list(visitor)

    _heads, [row] = visitor.table("納付情報の一覧")
    assert row[:3] == ["00100", "3000 0000 0000 0000 0003", "130110"]


def test_each_row_has_the_buttons_of_its_state(visitor, batch, an_application):
    """The manual's three rows: past due only 取り下げ, fees both, tax only 納付."""
    user, now = payers.payment_user(), clock.now()
    change(batch, due_on=clock.today() - timedelta(days=1))
    taking.take(user, [an_application(FEES).pk], now=now)
    taking.take(user, [an_application(WEIGHT_TAX).pk], now=now)
    signs_in_to_pay(visitor)
    visitor.presses("まとめ納付情報選択")
    visitor.fills("まとめ納付状況", "unpaid")
    visitor.presses("検索")

    _heads, rows = visitor.table("納付情報の一覧")

    assert [row[10] for row in rows] == ["取り下げ", "納付 取り下げ", "納付"]


def test_the_conditions_stand_above_the_list(visitor, batch):
    numbers_arrive(batch)
    signs_in_to_pay(visitor)
    visitor.presses("まとめ納付情報選択")
    visitor.fills("納付番号", "３０００ 0000-0000 0000 0003")
    visitor.fills("納付期限（自）", "2022-01-31")
    visitor.presses("検索")

    conditions = [pair for pair in visitor.rows() if pair[0] != ""][:7]
    assert conditions == [
        ("業務種別", "指定なし"),
        ("税・手数料種別", "指定なし"),
        ("納付期限（自）", "2022年 01月 31日"),
        ("納付期限（至）", "指定なし"),
        ("納付番号", "3000 0000 0000 0000 0003"),
        ("受付番号", "指定なし"),
        ("まとめ納付状況", "指定なし"),
    ]
    assert "3000" not in visitor.response.request["QUERY_STRING"]
    visitor.sees("1件")
    visitor.presses("検索条件入力へ戻る")
    assert visitor.field("納付期限（自）")["value"] == "2022-01-31"
    visitor.presses("納付メニューへ戻る")
    visitor.sees("まとめ納付対象選択")


def test_a_payment_number_has_twenty_digits(visitor):
    payers.payment_user()
    signs_in_to_pay(visitor)
    visitor.presses("まとめ納付情報選択")
    visitor.fills("納付番号", "123")
    visitor.presses("検索")

    visitor.sees("納付番号は20桁の数字で入力してください。")


def test_many_batches_are_paged(visitor, batch, an_application, monkeypatch):
    monkeypatch.setattr(views, "_PER_PAGE", 1)
    taking.take(payers.payment_user(), [an_application(FEES).pk], now=clock.now())
    opens_list(visitor)
    visitor.sees("2件")

    visitor.presses("ページ 2")

    _heads, rows = visitor.table("納付情報の一覧")
    assert len(rows) == 1


def test_the_detail_shows_every_application_and_marks_those_that_left(visitor, batch):
    leaves = batch.lines.order_by("-charge__application").first().charge.application
    batch.lines.filter(charge__application=leaves).update(released_at=clock.now())
    opens_list(visitor)
    visitor.presses("詳細")

    heads, rows = visitor.table("まとめた申請の一覧")

    assert heads == [
        "受付番号", "車両番号", "車台番号", "申請者名",
        "税・手数料種別", "金額", "納付期限", "申請状況",
    ]  # fmt: skip
    assert len(rows) == 2
    assert sum("対象外" in row[0] for row in rows) == 1
    assert rows[0][4:6] == ["検査手数料 技術情報管理手数料", "¥ 1,200 ¥ 400"]
    assert {row[7] for row in rows} == {FEES}
    assert visitor.can_press("納付")
    assert visitor.can_press("取り下げ")


def test_a_long_batch_is_paged(visitor, batch, monkeypatch):
    monkeypatch.setattr(views, "_MEMBERS_PER_PAGE", 1)
    opens_list(visitor)
    visitor.presses("詳細")
    first = visitor.table("まとめた申請の一覧")[1]

    visitor.presses("ページ 2")

    second = visitor.table("まとめた申請の一覧")[1]
    assert len(first) == len(second) == 1
    assert first != second


def test_files(visitor, batch):
    path = opens_list(visitor)

    for name in (f"batches/{batch.reference}/csv/", "batches/list/csv/"):
        response = visitor.client.get(path + name)
        content = b"".join(response.streaming_content)
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Cache-Control"] == "no-store"
        assert 'attachment; filename="batch' in response["Content-Disposition"]
        assert content.startswith(b'\xef\xbb\xbf"')
        assert "検査手数料" in content.decode()


def test_somebody_elses_batch_does_not_exist(visitor, batch):
    payers.payment_user("KNCD5678")
    stranger = Visitor()
    path = signs_in_to_pay(stranger, "KNCD5678").removesuffix("menu/")

    for name in ("", "csv/", "withdrawal/"):
        stranger.opens(f"{path}batches/{batch.reference}/{name}")
        assert stranger.status == 404
    answer = stranger.client.post(f"{path}batches/{batch.reference}/withdrawal/", {"presses": "0"})
    assert answer.status_code == 404
    stranger.opens(f"{path}batches/list/")
    stranger.sees("検索条件に合う納付情報はありません")
    batch.refresh_from_db()
    assert batch.state == PaymentState.UNPAID


def test_a_search_is_kept_for_its_own_handle_only(visitor, batch):
    """Two payment users in one browser."""
    payers.payment_user("KNCD5678")
    opens_list(visitor)
    query = visitor.response.request["QUERY_STRING"]
    other = Visitor(visitor.client)
    path = signs_in_to_pay(other, "KNCD5678").removesuffix("menu/")

    other.opens(f"{path}batches/list/?{query}")

    other.sees("検索条件に合う納付情報はありません")


def asks_to_withdraw(visitor):
    opens_list(visitor)
    visitor.presses("取り下げ")


def test_cancelling_the_question_changes_nothing(visitor, batch):
    asks_to_withdraw(visitor)
    visitor.presses("キャンセル")

    visitor.sees("まとめ納付情報確認", "未納")
    assert visitor.can_press("取り下げ")


def test_pressing_ok_twice_shows_the_same_page(visitor, batch):
    asks_to_withdraw(visitor)
    [button] = [each for each in visitor.page.all("button") if each.text == "OK"]
    visitor.presses("OK")
    first = visitor.page.text

    visitor._submit(button)

    assert (visitor.status, visitor.page.text) == (200, first)


def test_a_press_of_pay_meanwhile_asks_more_strongly(visitor, batch):
    asks_to_withdraw(visitor)
    visitor.does_not_see("納付ボタン")
    change(batch, presses=1, pressed_at=clock.now())

    visitor.presses("OK")

    assert visitor.status == 409
    visitor.sees("納付ボタンがすでに押されています", "取り下げはまだ受け付けていません")
    visitor.presses("OK")
    visitor.sees("取り下げを受け付けました")


def test_paid_meanwhile_is_refused(visitor, batch):
    asks_to_withdraw(visitor)
    change(batch, state=PaymentState.PAID)

    visitor.presses("OK")

    assert visitor.status == 409
    visitor.sees("納付が済んでいるため", "この操作による変更はありません")
    batch.refresh_from_db()
    assert batch.state == PaymentState.PAID


def test_a_tax_cannot_be_withdrawn(visitor, an_application):
    [tax] = taking.take(payers.payment_user(), [an_application(WEIGHT_TAX).pk], now=clock.now())
    path = opens_list(visitor)

    for send in (visitor.client.get, visitor.client.post):
        answer = send(f"{path}batches/{tax.reference}/withdrawal/")
        assert answer.status_code == 409
        assert "だけです" in answer.content.decode()


def test_the_dialog_says_what_the_page_says(visitor, batch):
    opens_list(visitor)
    [dialog] = [d for d in visitor.page.all("dialog") if d["id"].startswith("withdraw")]
    dialog.attributes["open"] = ""

    assert "の午前5時以降）、検査申請無効となります" in dialog.text
    assert "引き継ぐことはできません" in dialog.text
    assert "取り消すことはできません" in dialog.text
    assert [each.text for each in dialog.all("button")] == ["OK", "キャンセル"]


@pytest.mark.parametrize("presses", ["", "x", "９", "9" * 50, "-1"])
def test_a_mangled_question_still_warns(visitor, batch, presses):
    change(batch, presses=3, pressed_at=clock.now())
    path = opens_list(visitor)
    answer = visitor.client.post(
        f"{path}batches/{batch.reference}/withdrawal/", {"presses": presses}
    )

    assert answer.status_code == 409
    batch.refresh_from_db()
    assert batch.state == PaymentState.UNPAID


def test_queries(visitor, batch, an_application, django_assert_num_queries):
    """The same number with one batch and with three, with two applications in it and with one."""
    path = opens_list(visitor)
    user = payers.payment_user()
    pages = {
        "batches/": 3,
        "batches/list/": 5,
        "batches/list/csv/": 4,
        f"batches/{batch.reference}/": 6,
        f"batches/{batch.reference}/csv/": 4,
        f"batches/{batch.reference}/withdrawal/": 3,
    }
    for _round in range(2):
        for page, queries in pages.items():
            with django_assert_num_queries(queries):
                response = visitor.client.get(path + page)
                if response.streaming:
                    b"".join(response.streaming_content)
            assert response.status_code == 200
        taking.take(user, [an_application(FEES).pk], now=clock.now())
        taking.take(user, [an_application(WEIGHT_TAX).pk], now=clock.now())


def test_queries_of_a_withdrawal(visitor, batch, django_assert_num_queries):
    user = payers.payment_user()
    with django_assert_num_queries(8):
        withdrawing.withdraw(batch, user=user, now=clock.now())
