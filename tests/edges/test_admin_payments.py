"""Payment numbers, notices, debits and records as staff see them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from koss.ground import clock
from payments.demo import payers
from payments.models import (
    DebitOrder,
    DirectAccount,
    PaymentInformation,
    SettlementNotice,
)
from payments.money import settlements
from payments.numbers import admin as number_pages
from payments.payer import resets
from tests.admin_lists import listed, page_of
from tests.rules.payments import numbers
from tests.staff import signed_in, text_of
from tests.world import make

NUMBERS = "/admin/payments/paymentinformation/"
NOTICES = "/admin/payments/settlementnotice/"
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def digits(text):
    return text.replace(" ", "")


def test_a_row_of_the_list_of_numbers():
    information = numbers.batch(3, now=clock.now())

    answer = signed_in("reviewer").get(NUMBERS)

    assert digits(listed(answer)[0]) == information.payment_number
    assert [listed(answer, column)[0] for column in range(1, 8)] == [
        "未納",
        "まとめ納付",
        "検査手数料・技術情報管理手数料",
        f"¥ {information.amount:,}",
        "3",
        listed(answer, 6)[0],
        "KNAB1234",
    ]


def test_numbers_are_found_by_number_application_and_user():
    information = numbers.batch(now=clock.now())
    other = numbers.batch(now=clock.now(), payer="KNCA6288")
    application, _second = numbers.applications(information)
    number = information.payment_number
    client = signed_in("reviewer")

    for typed in (
        number,
        f" {number[:4]}-{number[4:]}",
        application.receipt_number,
        "knab1234",
        information.reference,
    ):
        found = [digits(each) for each in listed(client.get(NUMBERS, {"q": typed}))]
        assert (typed, found) == (typed, [number])
    [found] = listed(client.get(NUMBERS, {"q": "KNCA6288"}))
    assert digits(found) == other.payment_number
    for typed in ("9" * 20, "9" * 17, "x", "-", "軽自"):
        assert listed(client.get(NUMBERS, {"q": typed})) == []


def test_the_filters_of_numbers():
    now = clock.now()
    today = clock.day(now)
    made = {}
    for name, days in {"over": -1, "today": 0, "in7": 7, "in8": 8}.items():
        made[name] = numbers.batch(1, now=now)
        due = PaymentInformation.objects.filter(pk=made[name].pk)
        due.update(due_on=today + days * DAY)
    made["unnumbered"] = payers.ask_for_number([make("検査手数料等まとめ払い中")], now=now)
    names = {each.pk: name for name, each in made.items()}
    client = signed_in("reviewer")

    def found(**query):
        changelist = client.get(NUMBERS, query).context["cl"]
        return [names[each.pk] for each in changelist.result_list]

    assert found(due="over") == ["over"]
    assert found(due="today") == ["today"]
    assert found(due="7") == ["today", "in7"]
    assert found(number="none") == ["unnumbered"]
    assert found(state__exact="paid") == []
    assert len(found(state__exact="unpaid")) == len(found(due="nonsense")) == 5


def test_the_page_of_a_number(bank):
    information = numbers.batch(now=clock.now())
    settlements.receive(bank.settles(information), now=clock.now())
    applications = numbers.applications(information)

    answer = signed_in("reviewer").get(page_of(information))

    said = text_of(answer)
    for application in applications:
        assert application.receipt_number in digits(said)
        link = reverse("admin:applications_application_change", args=[application.pk])
        assert link in answer.content.decode()
    for word in ("済", "納付ボタンの回数", "書面提示への同意日時", "消込済", "情報リンク方式"):
        assert word in said


def test_the_page_of_an_application_names_its_payer_and_leads_to_its_number():
    information = numbers.batch(1, now=clock.now())
    [application] = numbers.applications(information)
    client = signed_in("reviewer")

    page = client.get(reverse("admin:applications_application_change", args=[application.pk]))

    assert "KNAB1234" in text_of(page)
    link = f"{NUMBERS}?q={information.payment_number}"
    assert link in page.content.decode()
    assert len(listed(client.get(link))) == 1


def test_the_lines_of_a_number_are_leafed_through(monkeypatch):
    monkeypatch.setattr(number_pages, "_LINES_AT_ONCE", 2)
    information = numbers.batch(2, now=clock.now())
    client = signed_in("reviewer")

    first = text_of(client.get(page_of(information)))
    last = text_of(client.get(page_of(information), {"page": "2"}))

    one, two = numbers.applications(information)
    assert one.receipt_number in digits(first)
    assert two.receipt_number not in digits(first)
    assert two.receipt_number in digits(last)
    assert "2ページ中 1ページ" in first
    assert client.get(page_of(information), {"page": "x"}).status_code == 200


def test_an_operator_sees_the_money_and_not_the_applications():
    information = numbers.batch(now=clock.now())
    [first, _second] = numbers.applications(information)

    said = text_of(signed_in("operator").get(page_of(information)))

    assert information.payment_number in digits(said)
    assert first.receipt_number not in digits(said)


@pytest.fixture
def told(bank):
    """A notice that was applied, one that contradicts it, and one that nobody can place."""
    now = clock.now()
    information = numbers.batch(now=now)
    message = bank.settles(information)
    applied = settlements.receive(message, now=now)
    other = bank.settles(information, settlement_id=message.settlement_id, amount=1)
    conflicting = settlements.receive(other, now=now)
    unknown = settlements.receive(
        bank.settles(information, payment_number="9" * 20, bank="0102"), now=now - 3 * DAY
    )
    SettlementNotice.objects.filter(pk=unknown.pk).update(settled_at=now - 3 * DAY)
    return applied, conflicting, unknown


def test_notices_that_need_a_look_stand_out_in_words(told):
    client = signed_in("reviewer")
    answer = client.get(NOTICES)

    assert list(zip(listed(answer, 6), listed(answer, 7), strict=True)) == [
        ("該当する納付番号のない入金", "要確認"),
        ("同じ番号で内容の異なる通知", "要確認"),
        ("消込済", "-"),
    ]
    assert len(listed(client.get(NOTICES, {"look": "yes"}))) == 2
    said = text_of(client.get(page_of(told[1])))
    assert "どちらが正しいかを金融機関に確認してください。" in said
    assert f"¥ {told[0].amount:,}" in said
    assert "消込済" in said


def test_notices_by_day_bank_and_verdict(told):
    client = signed_in("operator")
    applied, _conflicting, unknown = told
    long_ago = clock.day(clock.now() - 3 * DAY)

    def found(**query):
        return listed(client.get(NOTICES, query), 1)

    assert found(day=long_ago.isoformat()) == [unknown.settlement_id]
    assert found(day=clock.today().isoformat()) == [applied.settlement_id] * 2
    assert found(bank="0102") == [unknown.settlement_id]
    assert found(verdict__exact="applied") == [applied.settlement_id]
    for nonsense in ("x", "9999-12-31", "0001-01-01", ""):
        assert len(found(day=nonsense)) == 3
    assert len(found(bank="9999")) == 3


def test_notices_are_found_by_any_number(told):
    applied, _conflicting, unknown = told
    [application, _second] = numbers.applications(applied.information)
    client = signed_in("operator")

    for typed in (applied.settlement_id, application.receipt_number, applied.payment_number):
        found = listed(client.get(NOTICES, {"q": typed}), 1)
        assert set(found) == {applied.settlement_id}
    assert listed(client.get(NOTICES, {"q": "9999 " * 5}), 1) == [unknown.settlement_id]


def test_no_notice_can_be_forged_or_changed(told):
    client = signed_in(superuser=True)
    before = list(SettlementNotice.objects.values())

    for path in (page_of(told[0]), f"{NOTICES}add/", page_of(told[0]).replace("change", "delete")):
        assert client.post(path, {"verdict": "applied", "post": "yes"}).status_code == 403

    assert list(SettlementNotice.objects.values()) == before


def test_debits_and_accounts():
    order = payers.ask_for_number(
        [make("検査手数料等まとめ払い中", payment_method="direct")], now=clock.now()
    ).debit
    DebitOrder.objects.update(state="failed", failure="insufficient_funds", finished_at=clock.now())
    account = DirectAccount.objects.get()
    client = signed_in("operator")

    row = client.get("/admin/payments/debitorder/", {"q": account.account_id})
    assert [listed(row, column)[0] for column in (2, 3, 6, 7)] == [
        "KKAA0001",
        "KNAB1234",
        "引き落とし不能",
        "残高不足",
    ]
    assert "残高不足" in text_of(client.get(page_of(order)))
    shown = client.get(page_of(account))
    assert "末尾 001" in text_of(shown)
    assert account.account_number not in shown.content.decode()
    found = client.get("/admin/payments/directaccount/", {"q": "knab1234"})
    assert listed(found) == ["KKAA0001"]


def test_the_history_of_one_user():
    user = payers.payment_user(now=clock.now())
    resets.ask(user.user_id, now=clock.now(), source="192.0.2.7")
    other = payers.payment_user("KNCA6288", now=clock.now())
    resets.ask(other.user_id, now=clock.now(), source="")
    client = signed_in("operator")

    for path in ("userevent", "passwordreset"):
        found = client.get(f"/admin/payments/{path}/", {"q": "KNAB1234"})
        assert listed(found, 1) == ["KNAB1234"]
        assert len(listed(client.get(f"/admin/payments/{path}/"), 1)) == 2


def test_overdue_taxes_are_a_list_of_their_own(time_machine):
    today = date(2026, 5, 10)  # not every day of a year can be a due date
    time_machine.move_to(clock.at(today, hour=12), tick=False)
    wanted = [
        make("自動車重量税まとめ払い中", deadline=today - 2 * DAY),
        make("軽自動車税納付待ち", "新車", deadline=today - DAY),
    ]
    make("自動車重量税まとめ払い中", deadline=today)
    make("検査申請補正待ち", deadline=today - DAY)
    path = reverse("admin:applications_application_changelist")

    for role in ("reviewer", "tax_office"):
        found = listed(signed_in(role).get(path, {"work": "unpaid_tax"}), -9)
        assert [digits(each) for each in found] == [each.receipt_number for each in wanted]


# session, user, two of permissions, count, rows; of users also the locks
LISTS = {
    "paymentuser": 7,
    "paymentinformation": 6,
    "paymentline": 6,
    "settlementnotice": 6,
    "directaccount": 6,
    "debitorder": 6,
    "userevent": 6,
    "passwordreset": 6,
}


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_ask_the_database_seldom(bank, django_assert_num_queries, count):
    now = clock.now()
    for number in range(count):
        payer = f"KNQC000{number}"
        information = numbers.batch(2, now=now, payer=payer)
        settlements.receive(bank.settles(information), now=now)
        settlements.receive(bank.settles(information), now=now)
        resets.ask(payer, now=now, source="")
        direct = make("検査手数料等まとめ払い中", payment_method="direct")
        payers.ask_for_number([direct], now=now)
    client = signed_in("operator", "reviewer")

    for name, queries in LISTS.items():
        with django_assert_num_queries(queries):
            assert client.get(f"/admin/payments/{name}/").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_the_database_seldom(bank, django_assert_num_queries, count):
    now = clock.now()
    information = numbers.batch(count, now=now)
    for _ in range(count):
        notice = settlements.receive(bank.settles(information), now=now)
        resets.ask(payers.PAYER, now=now, source="")
    client = signed_in("operator", "reviewer")

    # session, user, two of permissions, number, lines and their count, notices, debit
    with django_assert_num_queries(9):
        client.get(page_of(information))
    # session, user, two of permissions, notice, the others
    with django_assert_num_queries(6):
        client.get(page_of(notice))
    # session, user, two of permissions, user, lock, batches, accounts, events, roles
    with django_assert_num_queries(10):
        client.get(page_of(information.user))
