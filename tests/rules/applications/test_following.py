"""申請一覧: whose applications, in which order, narrowed by what, and how fast."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from applications.following import list_file, listing, opening, whose
from applications.following.listing import Near, Search
from applications.models import Application, Channel, Office, PaymentMethod
from applications.status import Status
from applications.status_page import next_step
from koss.ground import clock
from payments.demo import payers
from tests import plans
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.django_db]

BATCH = {"payment_method": PaymentMethod.BATCH}
SENT = {"channel": Channel.BULK, "bulk_id": payers.BULK_ID}
WHOLE_TABLE = re.compile(r"(SCAN|Seq Scan on) applications_application\b")
FEES, TAX = "検査手数料等まとめ払い中", "自動車重量税まとめ払い中"


@pytest.fixture
def user():
    return payers.payment_user(bulk_id=payers.BULK_ID)


@pytest.fixture
def other():
    return payers.payment_user("KNCD5678", bulk_id="KICD5678")


def listed(user, **search):
    page = listing.page_of(user, Search(**search), now=clock.now())
    return [application.pk for application in page.applications]


class TestWhose:
    def test_what_carries_either_id_and_nothing_else(self, user, other):
        paid = make("検査申請審査中", **BATCH)
        sent = make("検査申請審査中", **SENT)
        paid_by_another = make("検査申請審査中", payer=other.user_id, **BATCH, **SENT)
        make("検査申請審査中")

        assert set(listed(user)) == {paid.pk, sent.pk, paid_by_another.pk}
        assert listed(other) == [paid_by_another.pk]
        assert whose.find(other, str(paid.pk)) is None
        assert whose.find(user, str(paid.pk)) == paid
        assert [whose.find(user, typed) for typed in ("", "x", "１", "9" * 19)] == [None] * 4

    def test_a_user_without_a_bulk_id_does_not_follow_all_who_have_none(self):
        make("検査申請審査中")

        assert listed(payers.payment_user("KNCD5678")) == []

    @pytest.mark.parametrize(
        ("fields", "acts"),
        [
            (BATCH, False),
            (BATCH | {"payer_is_agent": True}, True),
            (SENT, True),
            (BATCH | {"payer": "KNCD5678", "payer_is_agent": True}, False),
            (BATCH | {"channel": Channel.BULK, "bulk_id": "KICD5678"}, False),
        ],
    )
    def test_who_acts_for_the_applicant(self, user, other, fields, acts):
        application = make("検査申請審査中", **fields)

        through = {"user": user.pk, "version": user.version}
        assert whose.acts_for(user, application) == acts
        assert opening.stands_open(through, application) == acts
        assert not opening.stands_open({**through, "version": user.version + 1}, application)

    @pytest.mark.parametrize(
        "fields", [{"payer_is_agent": True}, {"bulk_id": payers.BULK_ID}], ids=str
    )
    def test_the_database_refuses_an_agent_of_nobody(self, fields):
        application = make("検査申請審査中")

        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=application.pk).update(**fields)


class TestOrderAndPages:
    @pytest.fixture
    def many(self, user):
        """Nine in both strands, five of them changed in one moment."""
        now = clock.now()
        made = [make("検査申請受付中", **(SENT if number % 2 else BATCH)) for number in range(9)]
        for number, each in enumerate(made):
            at = now - timedelta(hours=max(number, 4))
            Application.objects.filter(pk=each.pk).update(status_changed_at=at)
        rows = Application.objects.order_by("-status_changed_at", "-pk")
        return list(rows.values_list("pk", flat=True))

    def test_pages_of_any_size_tell_everything_once(self, user, many):
        for size in (1, 2, 4, 9, 10):
            pages = list(listing.every(user, Search(), now=clock.now(), size=size))

            assert [row.pk for page in pages for row in page] == many

    def test_back_is_where_one_came_from(self, user, many):
        def page_at(place, **way):
            return listing.page_of(
                user, Search(), now=clock.now(), place=listing.read_place(place, **way), size=3
            )

        first = listing.page_of(user, Search(), now=clock.now(), size=3)
        second = page_at(first.older)
        third = page_at(second.older)

        assert (first.newer, third.older) == ("", "")
        assert page_at(third.newer, is_before=True).applications == second.applications
        back = page_at(second.newer, is_before=True)
        assert (back.applications, back.newer) == (first.applications, "")

    @pytest.mark.parametrize("typed", [None, "", "x", "1.", "-1.1", "9" * 17 + ".1", "1.1 or 1"])
    def test_a_place_that_is_none_is_the_beginning(self, typed):
        assert listing.read_place(typed) is None


class TestNarrowing:
    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ({"status": Status.IN_REVIEW}, {"old"}),
            ({"procedure": "new_vehicle"}, {"new"}),
            ({"text": "しながわ"}, set()),
            ({"text": "品川 580 さ 7777"}, {"old"}),
            ({"text": "ﾛｯﾎﾟﾝｷﾞ"}, set()),
            ({"text": "六本木"}, {"new"}),
            ({"text": "1234567890"}, {"new"}),
            ({"procedure": "new_vehicle", "text": "軽自"}, set()),
        ],
        ids=str,
    )
    def test_by_status_kind_and_text(self, user, search, found):
        made = {
            "old": make("検査申請審査中", plate="品川 - 580 - さ - 7777", **BATCH),
            "new": make("検査申請受付中", "新車", **BATCH),
        }

        assert set(listed(user, **search)) == {made[name].pk for name in found}

    def test_a_receipt_number_in_any_spelling(self, user):
        application, _another = make(FEES), make(FEES)
        spaced = " ".join(application.receipt_number)

        assert listed(user, text=spaced) == [application.pk]

    def test_a_deadline_is_found_where_the_status_page_tells_one(self, user):
        """Every way in which a batch or a debit can stand, in time and late."""
        direct = {"payment_method": PaymentMethod.DIRECT}
        now = clock.now()
        made = [make(FEES), make(FEES, numbered=True), make(TAX), make("検査申請補正待ち", **BATCH)]
        made += [make(status, numbered=True, **direct) for status in (FEES, TAX)]
        made.append(make(FEES))
        payers.withdraw(made[-1], now=now)
        for days in (0, 40):
            today = clock.day(now) + timedelta(days=days)
            steps = next_step.of_many(made, now=now + timedelta(days=days))
            for near in Near:
                rows = listing._narrow(whose.strands(user)[0], Search(deadline=near.value), today)
                told = {
                    each.pk
                    for each in made
                    if steps[each.pk].deadline and fits(steps[each.pk].days_left, near)
                }
                assert set(rows.values_list("pk", flat=True)) == told, (days, near)


def fits(days_left, near):
    return days_left < 0 if near == Near.OVER else 0 <= days_left <= int(near)


class TestCounts:
    def test_they_are_as_many_as_the_list_has(self, user, other, monkeypatch):
        for fields in (BATCH, SENT, SENT | BATCH, BATCH | {"payer": other.user_id}):
            make("検査申請審査中", **fields)
        make("検査申請受付中", **BATCH)

        counted = {each.status: each.count for each in listing.counts(user)}

        assert counted == {Status.RECEIVED: 1, Status.IN_REVIEW: 3}
        assert len(listed(user, status=Status.IN_REVIEW)) == 3
        monkeypatch.setattr(listing, "COUNTED", 2)
        assert [(each.count, each.is_capped) for each in listing.counts(user)] == [
            (1, False),
            (2, True),
        ]


class TestWhatRowsSay:
    @pytest.mark.parametrize(
        ("status", "fields", "who"),
        [
            (FEES, BATCH, "あなた"),
            ("検査申請補正待ち", BATCH, "申請者"),
            ("検査申請補正待ち", BATCH | {"payer_is_agent": True}, "あなた"),
            ("検査申請補正待ち", SENT, "あなた"),
            ("検査申請審査中", BATCH, "軽自動車検査協会"),
        ],
    )
    def test_who_acts_is_said_to_the_payment_user(self, user, status, fields, who):
        application = make(status, **fields)

        [row] = listing.rows_of(user, [application], now=clock.now())

        assert row.who == who
        assert row.is_open == whose.acts_for(user, application)

    def test_the_file_has_every_row_and_no_formula(self, user):
        make(FEES, applicant_name="=1+1", **BATCH)
        made = make("検査申請審査中", **SENT)

        head, *rows = list(list_file.lines_of(user, Search(), now=clock.now()))

        assert head.startswith("\ufeff")
        assert "次に行うこと" in head
        assert len(rows) == 2
        assert '"\'=1+1"' in "".join(rows)
        assert made.receipt_number[:4] + " " in "".join(rows)

    def test_rows_add_no_queries(self, user, django_assert_num_queries):
        for _ in range(3):
            made = [make(FEES), make(TAX, numbered=True), make("検査申請審査中", **SENT)]
            assert made
            with django_assert_num_queries(4):  # two strands, charges, counts
                page = listing.page_of(user, Search(), now=clock.now())
                listing.rows_of(user, page.applications, now=clock.now())
                listing.counts(user)


@pytest.fixture
def thousands(user):
    """Of one payer and one bulk user, among many of nobody."""
    office, now = Office.objects.first(), clock.now()
    Application.objects.bulk_create(
        Application(
            receipt_number=f"{number:017d}",
            procedure="continued_inspection",
            channel=Channel.BULK,
            status=Status.FEES_IN_BATCH if number % 100 < 2 else Status.RETURNED,
            status_changed_at=now - timedelta(minutes=number),
            deadline=clock.day(now) + timedelta(days=number % 30) if number % 100 < 2 else None,
            applied_on=clock.day(now),
            chassis_number=f"AX01-{number}",
            office=office,
            weight_class="normal",
            receiving_method="vehicle_code",
            payment_method=PaymentMethod.BATCH if number % 3 == 0 else PaymentMethod.INDIVIDUAL,
            payer=user.user_id if number % 3 == 0 else "",
            bulk_id=user.bulk_id if number % 3 == 1 else "",
        )
        for number in range(4000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_pages_and_counts_walk_an_index(thousands, user):
    place = listing.Place(clock.now() - timedelta(minutes=500), 1)
    ways = [
        ({}, "_changed"),
        ({"status": "returned"}, "_status|_changed"),
        ({"procedure": "continued_inspection"}, "\\b|_"),
        ({"deadline": "3"}, "_deadline|_changed"),
    ]
    for strand, owner in zip(whose.strands(user), ("payer", "bulk"), strict=True):
        for search, index in ways:
            rows = listing._narrow(strand, Search(**search), clock.today())
            rows = listing._beyond(rows, place).order_by("-status_changed_at", "-pk")[:51]

            plan = plans.of_first_query(lambda rows=rows: list(rows))

            # PostgreSQL weighs several indexes by what it knows of the rows; any of ours will do.
            sqlite = connection.vendor == "sqlite"
            wanted = f"application_by_{owner}({index})" if sqlite else "application_(by|waiting)"
            assert re.search(wanted, plan), (search, plan)
            assert not WHOLE_TABLE.search(plan), (search, plan)

    if connection.vendor == "postgresql":  # reads a table this short as a whole, and is right
        return
    plan = plans.of_first_query(lambda: listing.counts(user))
    assert re.search("application_by_payer_status", plan), plan
    assert re.search("application_by_bulk_status", plan), plan
    assert not WHOLE_TABLE.search(plan), plan
