"""The queue of refunds: worked off oldest first, each closed once and by name."""

import pytest
from django.urls import reverse

from koss.ground import clock
from payments.demo import payers
from payments.models import Refund
from payments.models.settlement import RefundState
from payments.money import settlements
from payments.numbers import refunds
from tests.admin_lists import listed, page_of
from tests.rules.payments import numbers
from tests.staff import signed_in, text_of

LIST = "/admin/payments/refund/"
NOTE = {"note": "2026-05-10 口座へ振込\n受付番号 12"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(bank):
    """Have a number paid once more than it was owed; returns the refund."""

    def twice(now=None):
        now = now or clock.now()
        information = numbers.batch(1, now=now)
        for _ in range(2):
            settlements.receive(bank.settles(information, settled_at=now), now=now)
        return Refund.objects.latest("pk")

    return twice


def complete(refund):
    return reverse("admin:payments_refund_complete", args=[refund.pk])


def settlements_in(response):
    """The settlement numbers of the rows, in their order."""
    return listed(response, 5)


def test_the_queue_shows_what_is_open_oldest_first(owed):
    old, done, new = owed(), owed(), owed()
    refunds.complete(done, by="other", note="x", now=clock.now())
    client = signed_in("operator")
    names = [each.notice.settlement_id for each in (old, done, new)]

    assert settlements_in(client.get(LIST)) == [names[0], names[2]]
    assert settlements_in(client.get(LIST, {"state": "open"})) == [names[0], names[2]]
    assert settlements_in(client.get(LIST, {"state": "done"})) == [names[1]]
    assert settlements_in(client.get(LIST, {"state": "all"})) == names[::-1]
    assert settlements_in(client.get(LIST, {"state": "nonsense"})) == [names[0], names[2]]


def test_a_search_finds_what_is_done_too(owed):
    refund, other = owed(), owed()
    refunds.complete(refund, by="other", note="x", now=clock.now())
    number = refund.notice.payment_number
    [application] = numbers.applications(refund.notice.information)
    client = signed_in("operator")

    for typed in (
        refund.notice.settlement_id,
        f"{number[:4]}-{number[4:8]} {number[8:]}",
        application.receipt_number,
    ):
        assert settlements_in(client.get(LIST, {"q": typed})) == [refund.notice.settlement_id]
    both = settlements_in(client.get(LIST, {"q": payers.PAYER}))
    assert both == [other.notice.settlement_id, refund.notice.settlement_id]
    assert settlements_in(client.get(LIST, {"q": payers.PAYER, "state": "open"})) == both[:1]
    assert settlements_in(client.get(LIST, {"q": "9" * 20})) == []


def test_a_refund_is_closed_with_its_note(owed):
    refund = owed()
    client = signed_in("operator")
    assert "還付済みにする" in text_of(client.get(page_of(refund)))
    assert "実際に還付したあとで記録してください。" in text_of(client.get(complete(refund)))

    answer = client.post(complete(refund), NOTE)

    assert (answer.status_code, answer.url) == (302, page_of(refund))
    refund.refresh_from_db()
    assert (refund.state, refund.done_by, refund.note) == (
        RefundState.DONE,
        "operator",
        NOTE["note"],
    )
    said = text_of(client.get(answer.url))
    assert "還付済みにしました。" in said
    assert "口座へ振込 受付番号 12" in said
    assert "還付済みにする" not in said


def test_pressing_twice_shows_the_same(owed):
    refund = owed()
    client = signed_in("operator")
    crlf = {"note": NOTE["note"].replace("\n", "\r\n")}
    first = client.post(complete(refund), crlf)
    refund.refresh_from_db()

    again = client.post(complete(refund), crlf)

    assert (again.status_code, again.url) == (first.status_code, first.url)
    assert Refund.objects.get().done_at == refund.done_at


def test_the_second_clerk_is_told_who_was_first(owed):
    refund = owed()
    second = signed_in("operator", username="second")
    second.get(complete(refund))
    signed_in("operator").post(complete(refund), NOTE)

    for answer in (
        second.post(complete(refund), {"note": "窓口で返金"}),
        second.get(complete(refund)),
    ):
        assert answer.status_code == 409
        assert "operator がすでに記録しています。今回の入力は記録していません。" in text_of(answer)
        assert "口座へ振込" in text_of(answer)
    refund.refresh_from_db()
    assert (refund.done_by, refund.note) == ("operator", NOTE["note"])


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("", "還付の記録を入力してください。"),
        ("　 ", "還付の記録を入力してください。"),
        ("あ" * 401, "還付の記録は400文字以内で入力してください。"),
    ],
)
def test_a_note_is_asked(owed, note, said):
    refund = owed()

    answer = signed_in("operator").post(complete(refund), {"note": note})

    assert answer.status_code == 200
    assert said in text_of(answer)
    refund.refresh_from_db()
    assert refund.state == RefundState.OPEN


def test_the_page_tells_where_the_money_came_from(owed):
    refund = owed()
    said = text_of(signed_in("operator").get(page_of(refund)))

    for word in (
        "二重の入金",
        refund.notice.settlement_id,
        "情報リンク方式",
        "KNAB1234 軽自 太郎",
        f"¥ {refund.amount:,}",
    ):
        assert word in said


def test_reviewers_read_and_close_nothing(owed):
    refund = owed()
    client = signed_in("reviewer")

    assert "還付済みにする" not in text_of(client.get(page_of(refund)))
    assert client.get(complete(refund)).status_code == 403
    assert client.post(complete(refund), NOTE).status_code == 403
    assert Refund.objects.get().state == RefundState.OPEN


def test_the_first_page_counts_what_is_open(owed):
    owed()
    refunds.complete(owed(), by="other", note="x", now=clock.now())

    said = text_of(signed_in("operator").get(reverse("admin:index")))

    assert "還付を待っている入金 1件" in said
    assert "還付を待っている入金" not in text_of(signed_in("reviewer").get(reverse("admin:index")))


def test_a_refund_that_is_none():
    client = signed_in("operator")

    for path in (f"{LIST}1/change/", f"{LIST}x/change/", f"{LIST}{'9' * 30}/change/"):
        assert client.get(path).status_code == 404
    assert client.get(f"{LIST}1/complete/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_ask_the_database_seldom(owed, django_assert_num_queries, count):
    for _ in range(count):
        refund = owed()
    client = signed_in("operator")

    # session, user, two of permissions, count, rows
    with django_assert_num_queries(6):
        client.get(LIST)
    # session, user, two of permissions, refund, roles
    with django_assert_num_queries(6):
        client.get(page_of(refund))
