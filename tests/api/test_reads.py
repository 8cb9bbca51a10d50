"""Reading applications: the same words as on the portal, and only one's own."""

from datetime import timedelta

import pytest

from applications.life import announcements
from applications.models import Channel
from applications.status import Actor, Status
from koss.ground import clock
from payments.demo import payers
from tests.api.callers import owner, stranger
from tests.signing_in import signs_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


@pytest.fixture
def bulk(an_application):
    """An application that the demo's bulk user sent."""

    def make(status, procedure=None, **fields):
        fields = {"channel": Channel.BULK, "bulk_id": payers.BULK_ID} | fields
        return an_application(status, procedure, **fields)

    return make


def test_one_application_says_what_its_page_says(bulk, visitor):
    reason = "使用者の氏名が、添付書類と一致しません。\n二行目です。"
    application = bulk(
        "検査申請補正待ち",
        "新車",
        reason=reason,
        fields_to_correct=("user_name", "owner_name"),
        attachments_to_correct=("liability_insurance",),
    )
    announcements.announce(
        application, "窓口は午前中に混み合います。", actor=Actor.REVIEWER, by="x", now=clock.now()
    )

    said = owner().get(f"applications/{application.receipt_number}").json()

    signs_in(visitor, application)
    visitor.sees(said["status"]["label"], said["next_step"]["sentence"])
    assert said["status"]["code"] == "awaiting_correction"
    assert said["next_step"]["acts"] == ["correct", "withdraw"]
    assert said["next_step"]["who"]["code"] == "you"
    order = said["correction"]
    assert (order["reason"], order["deadline"]) == (reason, application.deadline.isoformat())
    assert [field["name"] for field in order["fields"]] == ["user_name", "owner_name"]
    assert order["fields"][0] == {
        "name": "user_name",
        "label": "使用者名",
        "value": application.user_name,
    }
    assert [paper["code"] for paper in order["attachments"]] == ["liability_insurance"]
    visitor.opens(order["_links"]["portal"]["href"].removeprefix("http://127.0.0.1:8000"))
    visitor.sees("状況照会 ログイン")
    assert [notice["kind"]["code"] for notice in said["notices"]] == ["announcement", "correction"]
    assert said["history"][0]["status"]["code"] == "awaiting_correction"
    assert said["papers"][0]["kind"]["code"] == "completion_certificate"
    assert "password" not in str(said)


def test_payments_are_told_with_number_and_day(bulk):
    application = bulk("検査手数料等まとめ払い中", numbered=True)

    said = owner().get(f"applications/{application.receipt_number}").json()

    [fees] = said["payments"]
    assert (fees["kind"]["code"], fees["due"], fees["amount"]) == ("fees", True, 1600)
    assert len(fees["payment_number"]) == 20
    assert fees["due_on"] == said["next_step"]["deadline"]
    assert sum(charge["amount"] for charge in fees["charges"]) == 1600


def test_every_status_can_be_read(bulk):
    made = {bulk(str(status.label)).receipt_number: status for status in Status}
    caller = owner()

    listed = caller.get("applications?limit=100").json()["items"]

    assert {each["receipt_number"]: each["status"]["code"] for each in listed} == made
    for each in listed:
        whole = caller.get(f"applications/{each['receipt_number']}").json()
        assert {name: whole[name] for name in each} == each


def test_pages_follow_one_another_by_day(bulk):
    made = [bulk("検査申請受付中", days_ago=days).receipt_number for days in (3, 2, 2, 1)]
    caller, found, path = owner(), [], "applications?limit=1"

    while path:
        page = caller.get(path).json()
        found += [each["receipt_number"] for each in page["items"]]
        path = page["_links"].get("next", {}).get("href", "").partition("/api/v1/")[2]
        assert page["has_more"] is bool(path)

    assert found == made
    rows = caller.get("applications").json()["items"]
    days = [each["applied_on"] for each in rows]
    for query, wanted in [
        (f"from={days[1]}", made[1:]),
        (f"to={days[1]}", made[:3]),
        (f"from={days[1]}&to={days[1]}&limit=1", made[1:2]),
        ("status=received", made),
        ("status=in_review", []),
    ]:
        got = caller.get(f"applications?{query}").json()["items"]
        assert [each["receipt_number"] for each in got] == wanted, query


def test_what_changed_is_told_once(bulk):
    caller, other = owner(), stranger()
    first, second = bulk("検査申請受付中"), bulk("検査手数料等まとめ払い中")
    page = caller.get("applications?changed_since=0").json()
    assert [each["receipt_number"] for each in page["items"]] == [
        first.receipt_number,
        second.receipt_number,
    ]
    assert not page["has_more"]

    def changed(cursor):
        answer = caller.get(f"applications?changed_since={cursor}").json()
        return [each["receipt_number"] for each in answer["items"]], answer["next_cursor"]

    assert changed(page["next_cursor"]) == ([], page["next_cursor"])
    payers.take_number([second], now=clock.now())
    numbers, cursor = changed(page["next_cursor"])
    assert numbers == [second.receipt_number]
    notice = announcements.announce(
        first, "お知らせ", actor=Actor.REVIEWER, by="x", now=clock.now()
    )
    assert changed(cursor)[0] == [first.receipt_number]
    announcements.end(notice, actor=Actor.REVIEWER, now=clock.now())
    kinds = [each["kind"]["code"] for each in caller.get("events").json()["items"]]
    assert kinds == ["status", "status", "status", "payment", "notice", "notice"]
    assert other.get("events").json()["items"] == []


def test_an_event_is_read_page_by_page(bulk):
    application = bulk("検査申請審査中")
    caller, found, after = owner(), [], "0"

    while True:
        page = caller.get(f"events?limit=1&after={after}").json()
        found += [each["status"] and each["status"]["code"] for each in page["items"]]
        after = page["next_cursor"]
        if not page["has_more"]:
            break

    assert found[0] == "received"
    assert found[-1] == "in_review"
    assert application.history.count() == len([each for each in found if each])


def test_queries(bulk, django_assert_num_queries):
    for _ in range(3):
        application = bulk("検査手数料等まとめ払い中", numbered=True)
    caller = owner()
    caller.get("events")  # events have their numbers, and the minute has begun

    # The key and its count; then the rows and, for a list, what they all owe.
    for path, queries in {
        "key": 2,
        "applications": 4,
        "applications?changed_since=0": 5,
        "events": 4,
        f"applications/{application.receipt_number}": 7,
    }.items():
        with django_assert_num_queries(queries):
            assert caller.get(path).status_code == 200


def test_a_deadline_that_is_near_is_told(bulk):
    day = clock.today() + timedelta(days=2)
    application = bulk("検査申請補正待ち", deadline=day)

    step = owner().get(f"applications/{application.receipt_number}").json()["next_step"]

    assert (step["days_left"], step["deadline"]) == (2, day.isoformat())
    assert step["warning"]
