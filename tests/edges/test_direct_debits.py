"""ダイレクト納付対象・情報選択: search, choose, order, and what became of an order."""

import re

import pytest

from applications.models import PaymentMethod
from koss.ground import clock
from payments import banks
from payments.demo import payers
from payments.direct import debits
from payments.models import (
    AccountKind,
    AccountState,
    DebitOrder,
    DebitState,
    DirectAccount,
    PaymentInformation,
)
from payments.money import settlements
from payments.numbers import taking
from tests.signing_in import signs_in_to_pay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

FEES, WEIGHT_TAX, VEHICLE_TAX = (
    "検査手数料等まとめ払い中",
    "自動車重量税まとめ払い中",
    "軽自動車税まとめ払い中",
)
CONSENT = "同意したものとして扱い"
# Session and user come first everywhere, then the accounts where they are chosen from.
QUERIES = {"": 4, "list/": 8, "check/": 6, "orders/": 4}


@pytest.fixture
def owed(an_application):
    """An application that the manuals' payment user pays by direct debit."""

    def make(status=FEES, **fields):
        return an_application(status, payment_method=PaymentMethod.DIRECT, **fields)

    return make


@pytest.fixture
def accounts(db):
    """The confirmed accounts of the manuals' payment user."""
    return {kind: payers.account(kind, now=clock.now()) for kind in AccountKind}


@pytest.fixture
def an_order(owed, accounts):
    def make(*, at_once=False, status=FEES, kind=AccountKind.NATIONAL):
        account = accounts[kind]
        [order] = debits.order(
            account.user, [owed(status).pk], account, at_once=at_once, now=clock.now()
        )
        return order

    return make


def fresh(order):
    return DebitOrder.objects.select_related("information").get(pk=order.pk)


def searches(visitor):
    """From 納付ログイン to the list; returns the path of 納付メニュー."""
    menu = signs_in_to_pay(visitor)
    visitor.presses("ダイレクト納付対象・情報選択")
    visitor.presses("検索")
    return menu


def checks_everything(visitor):
    menu = searches(visitor)
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.opens(re.sub(r"list/.*", "check/", visitor.path))
    return menu


def fields_of(visitor, *names):
    fields = [f for f in visitor.page.all("input") if f["name"] in names]
    return {field["name"]: field["value"] for field in fields}


def orders(visitor):
    _headings, rows = visitor.table("ダイレクト納付の申込状況の表")
    return rows


def opens_orders(visitor):
    menu = signs_in_to_pay(visitor)
    visitor.opens(menu.replace("menu/", "direct/orders/"))
    return menu


def test_from_the_menu_to_an_order(visitor, owed, accounts):
    due = owed()
    searches(visitor)
    visitor.sees_in_order("現在の検索条件", "KKAA0001", "納付する申請を選んでください")
    visitor.ticks(f"{' '.join(grouped(due.receipt_number))}を選ぶ")
    press_the_first(visitor, "選択内容を確認する")

    visitor.sees_in_order(
        "検査手数料・技術情報管理手数料", "KKAA0001（国庫金）", "引き落としの時期"
    )
    visitor.does_not_see(CONSENT, "1000001")
    visitor.presses("引き落としを申し込む")

    visitor.sees("引き落としの申し込みを受け付けました", "引き落とし予約")
    [order] = DebitOrder.objects.all()
    assert order.debit_on == order.information.due_on
    assert order.information.consented_at is None
    visitor.presses("ダイレクト納付の申込状況")
    assert orders(visitor)[0][1] == "KKAA0001"


def grouped(number):
    return number[:4], number[4:8], number[8:12], number[12:]


def press_the_first(visitor, words):
    """Above and below a long list stands the same button."""
    visitor._submit(visitor._pressable(words)[0])


def test_at_once_is_given_to_the_bank_today(visitor, owed, accounts):
    owed()
    checks_everything(visitor)
    visitor.chooses("すぐに引き落とす")
    visitor.presses("引き落としを申し込む")

    assert DebitOrder.objects.get().debit_on == clock.today()


def test_an_account_finds_only_what_it_pays(visitor, owed, accounts):
    fees, weight, vehicle = owed(), owed(WEIGHT_TAX), owed(VEHICLE_TAX)
    searches(visitor)
    visitor.sees(*(" ".join(grouped(each.receipt_number)) for each in (fees, weight)))
    visitor.does_not_see(" ".join(grouped(vehicle.receipt_number)))

    visitor.presses("検索条件入力へ戻る")
    visitor.fills("口座ID", "KKAA0002")
    visitor.presses("検索")
    visitor.sees(" ".join(grouped(vehicle.receipt_number)))
    visitor.does_not_see(" ".join(grouped(fees.receipt_number)))


def test_a_kind_that_the_account_does_not_pay_is_said_beside_the_field(visitor, accounts):
    signs_in_to_pay(visitor)
    visitor.presses("ダイレクト納付対象・情報選択")
    visitor.fills("税・手数料種別", "vehicle_tax")
    visitor.presses("検索")

    visitor.sees("選んだ口座では、この税・手数料を納付できません。")


def test_what_is_paid_in_batches_is_not_found(visitor, an_application, accounts):
    an_application(FEES)
    searches(visitor)

    visitor.sees("選べる申請がありません")


@pytest.mark.parametrize("state", [None, AccountState.WAITING, AccountState.REFUSED])
def test_without_a_usable_account_the_way_leads_to_my_page(visitor, owed, state):
    owed()
    payers.payment_user()
    if state:
        payers.account(AccountKind.NATIONAL, now=clock.now())
        DirectAccount.objects.update(state=state)
    menu = signs_in_to_pay(visitor)
    visitor.presses("ダイレクト納付対象・情報選択")

    visitor.sees("引き落としに使える口座がありません")
    for below in ("list/", "check/"):
        assert visitor.client.get(menu.replace("menu/", f"direct/{below}")).status_code == 302
    visitor.presses("マイページ")
    visitor.sees("マイページログイン")


def test_consent_is_said_before_the_order_and_recorded_with_it(visitor, owed, accounts):
    owed(annual_tax_confirmed=False)
    owed(WEIGHT_TAX, annual_tax_confirmed=True)
    checks_everything(visitor)

    visitor.sees_in_order(CONSENT, "引き落としの時期")
    visitor.presses("引き落としを申し込む")

    consents = {
        order.information.kind: order.information.consented_at
        for order in DebitOrder.objects.filter(state=DebitState.SCHEDULED)
    }
    assert consents["fees"]
    assert consents["weight_tax"] is None


def test_one_press_orders_once(visitor, owed, accounts):
    owed()
    checks_everything(visitor)
    sent = fields_of(visitor, "search", "account", "keys", "request_key") | {"when": "due_date"}

    answers = [visitor.client.post(visitor.path, sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert DebitOrder.objects.count() == 1


def test_a_time_has_to_be_chosen(visitor, owed, accounts):
    owed()
    checks_everything(visitor)
    sent = fields_of(visitor, "search", "account", "keys", "request_key") | {"when": "never"}

    answer = visitor.client.post(visitor.path, sent)

    assert "引き落としの時期を選んでください。" in answer.text
    assert sent["request_key"] in answer.text
    assert not DebitOrder.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"keys": ""},
        {"keys": "x y"},
        {"request_key": ""},
        {"request_key": "x"},
        {"account": "KKZZ9999"},
        {"account": "KKAA0002"},
    ],
)
def test_a_mangled_order_orders_nothing(visitor, owed, accounts, changes):
    owed()
    checks_everything(visitor)
    sent = fields_of(visitor, "search", "account", "keys", "request_key") | {"when": "due_date"}

    answer = visitor.client.post(visitor.path, sent | changes)

    assert answer.status_code == 302
    assert "/direct/list/" in answer.url
    assert not DebitOrder.objects.exists()
    assert not PaymentInformation.objects.filter(state="unpaid").exists()


def test_what_was_taken_meanwhile_is_refused_with_its_number(visitor, owed, accounts):
    gone, left = owed(), owed()
    checks_everything(visitor)
    sent = fields_of(visitor, "search", "account", "keys", "request_key") | {"when": "due_date"}
    user = payers.payment_user()
    taking.take(user, [gone.pk], now=clock.now(), method=PaymentMethod.DIRECT)

    answer = visitor.client.post(visitor.path, sent)

    assert answer.status_code == 409
    assert " ".join(grouped(gone.receipt_number)) in answer.text
    assert not DebitOrder.objects.exists()
    assert left.pk not in PaymentInformation.objects.values_list(
        "lines__charge__application", flat=True
    )


def test_what_belongs_to_another_user_is_refused(visitor, owed, accounts):
    payers.payment_user("KNZZ9999")
    other = owed(payer="KNZZ9999")
    owed()
    checks_everything(visitor)
    sent = fields_of(visitor, "search", "account", "request_key") | {"when": "due_date"}

    answer = visitor.client.post(visitor.path, sent | {"keys": str(other.pk)})

    assert answer.status_code == 409
    assert not DebitOrder.objects.exists()


def test_a_scheduled_debit_can_be_cancelled(visitor, an_order):
    order = an_order()
    opens_orders(visitor)
    visitor.presses("引き落としを取り消す")
    visitor.sees("この引き落としを取り消しますか")
    asked = visitor.path
    assert fresh(order).state == DebitState.SCHEDULED
    visitor.presses("OK")

    assert "取消" in orders(visitor)[0]
    visitor.does_not_see("引き落としを取り消す。")
    assert fresh(order).state == DebitState.CANCELLED
    late = visitor.client.get(asked)
    assert (late.status_code, "すでに取り消されています" in late.text) == (409, True)


def test_what_the_bank_was_told_of_cannot_be_cancelled(visitor, an_order):
    order = an_order()
    opens_orders(visitor)
    visitor.presses("引き落としを取り消す")
    debits.mark_ordered([order.pk], now=clock.now())

    answers = [visitor.client.post(visitor.path), visitor.client.get(visitor.path)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert all("引き落とし依頼中" in answer.text for answer in answers)
    assert fresh(order).state == DebitState.ORDERED
    opens_orders(visitor)
    assert not visitor.can_press("引き落としを取り消す")


def test_a_failure_says_why_and_can_be_ordered_again(visitor, an_order):
    failed = an_order(at_once=True)
    debits.send(failed, now=clock.now())
    debits.fail(failed, "insufficient_funds", now=clock.now())
    opens_orders(visitor)
    assert "引き落とし不能 残高不足" in orders(visitor)[0]

    visitor.presses("申し込み直す")
    visitor.sees("引き落とす内容", "KKAA0001")
    visitor.presses("引き落としを申し込む")

    visitor.sees("引き落としの申し込みを受け付けました")
    assert DebitOrder.objects.count() == 2
    assert fresh(failed).state == DebitState.FAILED
    opens_orders(visitor)
    assert not visitor.can_press("申し込み直す")


def test_what_was_paid_otherwise_is_not_ordered_again(visitor, an_order):
    failed = an_order(at_once=True)
    debits.send(failed, now=clock.now())
    debits.fail(failed, "already_settled", now=clock.now())
    opens_orders(visitor)

    assert not visitor.can_press("申し込み直す")


def test_a_debit_that_went_through_is_shown_as_done(visitor, an_order, bank):
    done = debits.send(an_order(at_once=True), now=clock.now())
    paid = PaymentInformation.objects.get(pk=done.information_id)
    message = bank.settles(paid, way="direct", reference=paid.reference)
    settlements.receive(message, now=clock.now())
    opens_orders(visitor)

    assert "済" in orders(visitor)[0]
    assert not visitor.can_press("引き落としを取り消す")


def test_a_bank_that_refuses_is_shown_with_its_reason(visitor, an_order, bank):
    order = an_order(at_once=True)
    bank.refuses = "account_closed"
    with pytest.raises(banks.BankRefused):
        bank.answer("order_debit", {})
    debits.send(order, now=clock.now())
    opens_orders(visitor)

    assert any("口座解約" in cell for cell in orders(visitor)[0])


@pytest.mark.parametrize("below", ["cancel/", "again/"])
def test_nobody_touches_the_order_of_another_user(visitor, an_order, below):
    order = an_order()
    payers.payment_user("KNZZ9999")
    menu = signs_in_to_pay(visitor, "KNZZ9999")
    page = menu.replace("menu/", f"direct/{order.information.reference}/{below}")

    assert visitor.client.post(page).status_code == 404
    visitor.opens(menu.replace("menu/", "direct/orders/"))
    visitor.sees("申し込んだ引き落としはありません。")
    assert fresh(order).state == DebitState.SCHEDULED


def test_what_a_press_of_another_user_ordered_is_not_shown(visitor, accounts):
    menu = signs_in_to_pay(visitor)

    assert visitor.client.get(menu.replace("menu/", f"direct/ordered/{'0' * 32}/")).status_code == (
        404
    )


@pytest.mark.parametrize(("below", "queries"), QUERIES.items())
def test_queries(visitor, owed, an_order, django_assert_num_queries, below, queries):
    for _ in range(3):
        owed()
        an_order()
    menu = checks_everything(visitor)

    with django_assert_num_queries(queries):
        answer = visitor.client.get(menu.replace("menu/", f"direct/{below}"))

    assert answer.status_code == 200
