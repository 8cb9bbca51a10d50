"""納付メニュー and まとめ納付対象選択: choosing across pages, the check, a lost race."""

import pytest
from django.urls import reverse

from applications.models import PaymentMethod
from koss.ground import clock, numbers
from koss.ground.paging import CappedPaginator
from payments.batches import choosing
from payments.batches.views import choice
from payments.demo import payers
from payments.models import PaymentInformation
from payments.numbers import taking
from tests.edges.test_naughty_input import NAUGHTY
from tests.signing_in import signs_in_to_pay
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
FEES = "検査手数料等まとめ払い中"
WEIGHT_TAX = "自動車重量税まとめ払い中"


@pytest.fixture
def five(an_application, monkeypatch):
    """Five applications of 1,600 yen, shown two to a page."""
    payers.payment_user()
    monkeypatch.setattr(choice, "_PER_PAGE", 2)
    rows = [an_application(FEES) for _number in range(5)]
    return sorted(rows, key=lambda row: (row.deadline, row.pk))


def opens_list(visitor):
    signs_in_to_pay(visitor)
    visitor.presses("まとめ納付対象選択")
    visitor.presses("検索")
    return visitor


def ticks(visitor, *applications):
    for application in applications:
        visitor.ticks(f"{numbers.grouped(application.receipt_number)}を選ぶ")


def ticked(visitor):
    boxes = [each for each in visitor.page.all("input") if each["type"] == "checkbox"]
    return {int(box["value"]) for box in boxes if "checked" in box.attributes}


def goes_to_page(visitor, number):
    [button] = [
        each
        for each in visitor.page.all("button")
        if each["name"] == "page" and each.text == f"ページ {number}"
    ]
    visitor._submit(button)


def totals(visitor):
    return visitor.table("選択した申請の合計")[1]


def test_the_menu_says_what_waits_behind_each_button(visitor, an_application):
    fees, tax = an_application(FEES), an_application(WEIGHT_TAX)
    direct = an_application(FEES, payment_method=PaymentMethod.DIRECT)
    user = payers.payment_user()
    amounts = [
        choosing.waiting(choosing.eligible(user, method, now=clock.now())).amount
        for method in (PaymentMethod.BATCH, PaymentMethod.DIRECT)
    ]
    signs_in_to_pay(visitor)

    visitor.sees_in_order(
        "まとめ対象検索", "納付番号取得", "納付対象検索", "納付",
        "まとめ納付対象を選択し納付番号を取得する場合",
        "まとめ納付対象選択", "2件", f"{amounts[0]:,}",
        "まとめ納付を行う場合", "まとめ納付情報選択", "0件",
        "ダイレクト納付対象検索",
        "ダイレクト納付を行う場合", "ダイレクト納付対象・情報選択", "1件", f"{amounts[1]:,}",
    )  # fmt: skip
    taking.take(user, [fees.pk, tax.pk], now=clock.now())
    visitor.opens(visitor.path)
    visitor.sees_in_order("まとめ納付対象選択", "0件", "まとめ納付情報選択", "2件")
    assert direct.charges.filter(number_taken_at=None).exists()


def test_what_was_ticked_is_kept_while_paging(visitor, five):
    opens_list(visitor)
    visitor.sees("5件")

    ticks(visitor, five[0])
    goes_to_page(visitor, 2)
    assert totals(visitor)[0] == ["検査手数料・技術情報管理手数料", "1", "¥ 1,600"]
    ticks(visitor, five[3])
    visitor.presses("合計を確認")
    assert totals(visitor)[0][1:] == ["2", "¥ 3,200"]
    assert ticked(visitor) == {five[3].pk}
    goes_to_page(visitor, 1)
    assert ticked(visitor) == {five[0].pk}
    visitor.presses("選択内容を確認する")

    visitor.sees("この内容で納付番号を取得しますか")
    [row] = totals(visitor)
    assert row[:3] == ["検査手数料・技術情報管理手数料", "2", "¥ 3,200"]


def test_a_tick_can_be_taken_back(visitor, five):
    opens_list(visitor)
    visitor.presses("条件に合うものをすべて選ぶ")
    assert totals(visitor)[0][1:] == ["5", "¥ 8,000"]
    for box in visitor.page.all("input"):
        if box["id"] == f"chosen-{five[0].pk}":
            del box.attributes["checked"]
    visitor.presses("合計を確認")
    assert totals(visitor)[0][1:] == ["4", "¥ 6,400"]

    visitor.presses("選択をすべて外す")

    assert totals(visitor)[0][1:] == ["0", "¥ 0"]


def test_all_that_match_ends_at_the_limit(visitor, five, settings):
    settings.KOSS_BATCH_LIMIT = 3
    opens_list(visitor)

    visitor.presses("条件に合うものをすべて選ぶ")

    visitor.sees("3件までです")
    assert totals(visitor)[0][1:] == ["3", "¥ 4,800"]


def test_more_than_the_limit_is_never_taken(visitor, five, settings):
    opens_list(visitor)
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.presses("選択内容を確認する")
    settings.KOSS_BATCH_LIMIT = 3

    visitor.presses("納付番号取得")

    assert not PaymentInformation.objects.exists()


def test_nothing_chosen_says_so(visitor, five):
    opens_list(visitor)

    visitor.presses("選択内容を確認する")

    visitor.sees("一つ以上選んでください")


def test_the_conditions_narrow_the_list_and_stand_above_it(visitor, five, an_application):
    tax = an_application(WEIGHT_TAX)
    signs_in_to_pay(visitor)
    visitor.presses("まとめ納付対象選択")
    visitor.fills("税・手数料種別", "weight_tax")
    visitor.fills("受付番号", tax.receipt_number)
    visitor.presses("検索")

    visitor.sees_in_order("現在の検索条件", "自動車重量税", tax.receipt_number[:4], "1件")
    assert tax.receipt_number not in str(visitor.response.request)
    visitor.presses("検索条件入力へ戻る")
    assert visitor.field("受付番号")["value"] == tax.receipt_number


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"受付番号": "123"}, "受付番号は17桁の数字で入力してください。"),
        ({"受付番号": "あ"}, "受付番号は数字で入力してください。"),
        ({"受付番号": "12345678901234567"}, "受付番号に誤りがあります"),
        ({"納付期限（自）": "yesterday"}, "日付は"),
        (
            {"納付期限（自）": "2026-05-02", "納付期限（至）": "2026-05-01"},
            "納付期限（自）より前の日は",
        ),
    ],
)
def test_a_condition_that_cannot_be_is_said_beside_its_field(visitor, typed, message):
    payers.payment_user()
    signs_in_to_pay(visitor)
    visitor.presses("まとめ納付対象選択")
    for label, value in typed.items():
        visitor.fills(label, value)

    visitor.presses("検索")

    visitor.sees(message)
    for label, value in typed.items():
        assert visitor.field(label)["value"] == value


def test_two_tabs_have_a_choice_of_their_own(visitor, five):
    opens_list(visitor)
    first = visitor.response.request["PATH_INFO"], visitor.response.request["QUERY_STRING"]
    visitor.presses("条件に合うものをすべて選ぶ")
    other = Visitor(visitor.client)
    other.opens(visitor.path.replace("list/", ""))
    other.presses("検索")

    assert totals(other)[0][1] == "0"
    other.opens("?".join(first))
    assert totals(other)[0][1] == "5"


def test_taking_twice_shows_the_same_page(visitor, five):
    opens_list(visitor)
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.presses("選択内容を確認する")
    [button] = [each for each in visitor.page.all("button") if each.text == "納付番号取得"]
    path = visitor.path

    visitor.presses("納付番号取得")
    taken = visitor.path
    visitor.path = path
    visitor._submit(button)

    assert visitor.path == taken
    visitor.sees("納付番号の取得を受け付けました")
    assert PaymentInformation.objects.count() == 1


def test_a_lost_race_names_what_is_gone_and_goes_on_with_the_rest(visitor, five):
    opens_list(visitor)
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.presses("選択内容を確認する")
    user = payers.payment_user()
    taking.take(user, [five[1].pk, five[2].pk], now=clock.now())

    visitor.presses("納付番号取得")

    assert visitor.status == 409
    for gone in five[1:3]:
        visitor.sees(f"{gone.receipt_number[:4]} {gone.receipt_number[4:8]}")
    assert PaymentInformation.objects.count() == 1
    visitor.presses("ほかの3件で続ける")
    assert totals(visitor)[0][:3] == ["検査手数料・技術情報管理手数料", "3", "¥ 4,800"]
    visitor.presses("納付番号取得")
    visitor.sees("納付番号の取得を受け付けました")


def test_what_is_gone_before_the_check_is_said_there(visitor, five):
    opens_list(visitor)
    visitor.presses("条件に合うものをすべて選ぶ")
    taking.take(payers.payment_user(), [five[1].pk], now=clock.now())

    visitor.presses("選択内容を確認する")

    visitor.sees("1件は選べなくなりました")
    assert totals(visitor)[0][1] == "4"


def test_keys_of_somebody_else_are_refused_and_not_named(visitor, an_application, five):
    foreign = an_application(FEES, payer="KNCD5678")
    opens_list(visitor)
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.presses("選択内容を確認する")
    visitor.typed["keys"] = f"{five[0].pk} {foreign.pk}"

    visitor.presses("納付番号取得")

    assert visitor.status == 409
    visitor.does_not_see(foreign.receipt_number[4:8])
    assert not PaymentInformation.objects.exists()


@pytest.mark.parametrize("typed", [{"keys": "x"}, {"keys": ""}, {"request_key": "zz"}])
def test_a_mangled_form_takes_nothing(visitor, five, typed):
    opens_list(visitor)
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.presses("選択内容を確認する")
    visitor.typed |= typed

    visitor.presses("納付番号取得")

    assert visitor.path.endswith("/targets/list/")
    assert not PaymentInformation.objects.exists()


def test_what_was_taken_is_shown_to_nobody_else(visitor, five):
    opens_list(visitor)
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.presses("選択内容を確認する")
    visitor.presses("納付番号取得")
    request_key = visitor.path.rstrip("/").rpartition("/")[2]
    other = payers.payment_user("KNCD5678")
    stranger = Visitor()
    handle = signs_in_to_pay(stranger, other.user_id).split("/")[2]

    stranger.opens(reverse("payments:targets_taken", args=[handle, request_key]))

    assert stranger.status == 404


def test_a_long_list_says_where_counting_ends(visitor, five, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "CAP", 4)

    opens_list(visitor)

    visitor.sees("10,000件以上あります")


def test_queries(visitor, an_application, django_assert_num_queries):
    """The same number with one row and with many."""
    payers.payment_user()
    rows = [an_application(FEES)]
    opens_list(visitor)
    menu = visitor.path.replace("targets/list/", "menu/")
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.presses("選択内容を確認する")
    pages = {menu: 5, visitor.path.replace("check/", "list/"): 7, visitor.path: 6}
    for _number in range(2):
        for path, queries in pages.items():
            with django_assert_num_queries(queries):
                assert visitor.client.get(path).status_code == 200
        rows += [an_application(FEES), an_application(WEIGHT_TAX)]


def test_before_the_number_the_page_says_what_paying_is_consent_to(visitor, an_application):
    payers.payment_user()
    an_application(FEES, annual_tax_confirmed=True)
    opens_list(visitor)
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.presses("選択内容を確認する")
    visitor.does_not_see("同意したものとして扱い")

    an_application(FEES, annual_tax_confirmed=False)
    opens_list(visitor)
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.presses("選択内容を確認する")

    visitor.sees_in_order("同意したものとして扱い", "納付番号取得")


@pytest.mark.parametrize("field", ["search", "at", "page", "do", "shown", "chosen"])
def test_no_field_of_the_list_breaks_it(visitor, five, field):
    opens_list(visitor)

    for text in NAUGHTY:
        sent = visitor.client.post(visitor.path, {field: text})
        assert sent.status_code in (302, 400)  # 400: the gate, for what is no text
        assert visitor.client.get(visitor.path, {field: text}).status_code in (200, 400)


@pytest.mark.parametrize("page", ["targets/", "batches/", "targets/check/"])
def test_no_field_of_a_form_breaks_it(visitor, five, page):
    path = signs_in_to_pay(visitor).replace("menu/", page)
    names = [
        "procedure", "kind", "due_from", "due_to", "receipt_number", "payment_number", "state",
        "keys", "request_key",
    ]  # fmt: skip

    for text in NAUGHTY:
        answer = visitor.client.post(path, dict.fromkeys(names, text), follow=True)
        assert answer.status_code in (200, 400)
