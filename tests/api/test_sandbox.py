"""A program drives the demo: its clock, its nights, its staff and its bank."""

from datetime import timedelta

import pytest
from django.db import connection

from applications.models import Application, Channel, HistoryEntry
from applications.status import Status
from koss.api import description
from koss.api.versions import V1
from koss.ground import clock
from koss.models import DemoAccount, DemoClock, NightRun
from koss.operation import invariants
from payments.demo import payers
from payments.models import PaymentInformation, Scope
from payments.payer import credential_forms
from qrcodes import demo as receivers
from qrcodes.models import Code, Pickup
from tests.api.callers import owner

pytestmark = [pytest.mark.databases, pytest.mark.django_db, pytest.mark.usefixtures("bank")]
SENT = {"channel": Channel.BULK, "bulk_id": payers.BULK_ID}


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


@pytest.fixture
def driver():
    return owner(Scope.SANDBOX)


def moves_of(driver, application):
    return f"sandbox/applications/{application.receipt_number}/moves"


def pointers(answer):
    assert answer.status_code == 422, answer.text
    return {fault["pointer"] for fault in answer.json()["errors"]}


class TestClock:
    def test_it_goes_forward_and_never_back(self, driver):
        before = clock.now()
        to = before + timedelta(days=3)
        for _again in range(2):
            told = driver.post("sandbox/clock", {"to": to.isoformat()}).json()
            assert timedelta(days=2, hours=23) < timedelta(seconds=told["ahead_seconds"])
        assert to <= clock.now() < to + timedelta(minutes=5)

        driver.post("sandbox/clock", {"to": before.isoformat()})
        assert clock.now() >= to
        assert NightRun.objects.count() == 0
        assert driver.get("sandbox/clock").json()["now"][:10] == clock.today().isoformat()

    def test_outside_the_demo_nobody_reads_it(self, driver, settings):
        driver.post("sandbox/clock", {"to": (clock.now() + timedelta(days=9)).isoformat()})
        settings.DEMO = False
        assert clock.now() - clock.system_now() < timedelta(minutes=1)

    @pytest.mark.parametrize(
        ("to", "status"),
        [
            ("9999-12-31T00:00:00Z", 409),
            ("2026-01-01T00:00:00", 422),
            ("tomorrow", 422),
            ("4102444800", 422),
            (4102444800, 422),
        ],
    )
    def test_other_moments_are_refused(self, driver, to, status):
        answer = driver.post("sandbox/clock", {"to": to})
        assert answer.status_code == status
        assert answer.json()["detail_en"]
        assert not DemoClock.offset()


class TestNight:
    def test_a_day_is_no_number(self, driver):
        answer = driver.post("sandbox/nights", {"business_date": 0})

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "date_parsing"

    def test_one_night_is_done_once_however_often_it_is_asked_for(self, driver, an_application):
        deadline = clock.business_date(clock.now()) + timedelta(days=1)
        application = an_application("検査申請補正待ち", days_ago=2, deadline=deadline)
        asked = {"business_date": driver.get("sandbox/clock").json()["night_of"]}
        assert asked == {"business_date": deadline.isoformat()}

        first = driver.post("sandbox/nights", asked)
        again = driver.post("sandbox/nights", asked)

        assert first.status_code == 200, first.text
        assert first.json()["finished"]
        assert first.json()["steps"] == again.json()["steps"]
        [lapsed] = [each for each in first.json()["steps"] if each["code"].startswith("let_corr")]
        assert lapsed["count"] == 1
        assert NightRun.objects.count() == 1
        application.refresh_from_db()
        assert application.status == Status.REJECTED
        assert first.json()["clock"]["night_of"] == (deadline + timedelta(days=1)).isoformat()

    def test_a_night_further_ahead_is_refused(self, driver):
        ahead = clock.today() + timedelta(days=5)
        answer = driver.post("sandbox/nights", {"business_date": ahead.isoformat()})
        assert answer.status_code == 409
        assert not NightRun.objects.exists()


class TestBeginningAnew:
    ANEW = {"confirm": "begin_anew"}

    def test_everything_is_as_on_the_first_day_but_for_the_key(self, driver, bank, an_application):
        mine = an_application("検査申請受付中", **SENT)
        DemoAccount.objects.create(receipt_number=mine.receipt_number, shows="x")
        other = owner(Scope.SANDBOX)
        driver.post("sandbox/clock", {"to": (clock.now() + timedelta(days=9)).isoformat()})

        answer = driver.post("sandbox/world", self.ANEW)

        assert answer.status_code == 200, answer.text
        assert answer.json()["ahead_seconds"] == 0
        assert bank.asked[0][0] == "begin_anew"
        assert not Application.objects.filter(receipt_number=mine.receipt_number).exists()
        assert Application.objects.count() == DemoAccount.objects.count() > 100
        assert not Application.objects.filter(status_changed_at__gt=clock.now()).exists()
        assert [driver.get("sandbox/clock").status_code, other.get("key").status_code] == [200, 401]
        connection.check_constraints()
        assert invariants.broken() == []

    def test_nothing_goes_that_is_no_demos_or_while_the_bank_is_away(
        self, driver, bank, an_application
    ):
        mine = an_application("検査申請受付中")
        assert driver.post("sandbox/world", self.ANEW).status_code == 409
        assert bank.asked == []
        DemoAccount.objects.create(receipt_number=mine.receipt_number, shows="x")
        bank.unreachable = True
        assert driver.post("sandbox/world", self.ANEW).status_code == 503
        assert driver.post("sandbox/world", {"confirm": "yes"}).status_code == 422
        assert Application.objects.filter(pk=mine.pk).exists()


class TestStaff:
    def test_an_application_goes_from_intake_to_the_counter(self, driver, an_application):
        application = an_application("検査申請受付中", "新車", **SENT)
        path = moves_of(driver, application)
        told = driver.get(path).json()
        assert [each["move"]["code"] for each in told["moves"]] == ["accept", "invalidate"]
        accepted = driver.post(path, {"move": "accept", "version": told["version"]})
        assert accepted.json()["status"]["code"] == "fees_due"
        payers.pay(application._meta.model.objects.get(pk=application.pk), now=clock.now())
        [reviewed] = [
            each
            for each in driver.get(path).json()["moves"]
            if each["move"]["code"] == "pass_review"
        ]
        assert reviewed["asks"] == ["plate"]
        passed = driver.post(
            path, {"move": "pass_review", "plate": "品川580さ1234", "despite_missing": True}
        )
        assert passed.status_code == 200, passed.text
        assert passed.json()["status"]["code"] == "weight_tax_due"
        application.refresh_from_db()
        assert application.plate == "品川 - 580 - さ - 1234"

    @pytest.mark.parametrize(
        ("status", "move", "target", "by"),
        [
            (
                "検査申請受付中",
                {"move": "invalidate", "reason": "不明"},
                "invalid",
                "shinsa",
            ),
            (
                "検査申請審査中",
                {"move": "reject", "reason": "相違"},
                "rejected",
                "shinsa",
            ),
            ("検査申請取り下げ中", {"move": "confirm_withdrawal"}, "withdrawn", "shinsa"),
            ("軽自動車税申告審査中", {"move": "pass_tax"}, "ready_to_issue", "zeimu"),
            ("返付準備完了", {"move": "hand_over"}, "returned", "madoguchi"),
            ("交付準備完了", {"move": "hand_over"}, "issued", "madoguchi"),
        ],
    )
    def test_each_plays_the_staff_whose_move_it_is(
        self, driver, an_application, status, move, target, by
    ):
        application = an_application(status)
        answer = driver.post(moves_of(driver, application), move)
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"]["code"] == target
        assert HistoryEntry.objects.filter(application=application).latest("version").by == by

    @pytest.mark.parametrize(
        ("fields", "kind"),
        [
            ({}, "vehicle"),
            ({"receiving_method": "receiver_code", "receiver_name": "どこかの店"}, "vehicle"),
            (
                {"receiving_method": "receiver_code", "receiver_name": receivers.RECEIVER},
                "authentication",
            ),
        ],
    )
    def test_the_counter_hands_over_as_it_always_does(self, driver, an_application, fields, kind):
        application = an_application("交付準備完了", **fields)
        receivers.register(by="madoguchi", office=application.office, now=clock.now())
        path = moves_of(driver, application)
        stale = {"move": "hand_over", "version": application.version - 1}
        assert driver.post(path, stale).status_code == 409
        assert not Code.objects.filter(application=application).exists()

        move = {"move": "hand_over", "version": application.version}
        assert [driver.post(path, move).status_code for _ in range(2)] == [200, 409]

        pickup = Pickup.objects.get(application=application)
        assert (pickup.by, pickup.office, pickup.code.kind) == (
            "madoguchi",
            application.office,
            kind,
        )
        assert pickup.code.used_by == "madoguchi"
        entry = HistoryEntry.objects.filter(application=application).latest("version")
        assert (entry.move, entry.by, entry.at) == ("hand_over", "madoguchi", pickup.at)
        assert invariants.broken() == []

    @pytest.mark.parametrize("status", ["検査申請審査中", "軽自動車税申告審査中"])
    def test_a_correction_is_ordered_with_fields_reason_and_deadline(
        self, driver, an_application, status
    ):
        application = an_application(status, **SENT)
        deadline = clock.today() + timedelta(days=4)
        order = {"move": "order_correction", "reason": "車台番号が違います。"}
        order |= {"fields": ["chassis_number"], "deadline": deadline.isoformat()}
        answer = driver.post(moves_of(driver, application), order)
        assert answer.status_code == 200, answer.text

        path = f"applications/{application.receipt_number}"
        told = owner(Scope.READ).get(path).json()["correction"]
        assert [field["name"] for field in told["fields"]] == ["chassis_number"]
        assert (told["reason"], told["deadline"]) == ("車台番号が違います。", deadline.isoformat())

    def test_what_is_missing_or_wrong_is_named(self, driver, an_application):
        application = an_application("検査申請審査中")
        path, order = moves_of(driver, application), {"move": "order_correction"}
        assert pointers(driver.post(path, order)) == {"#/reason", "#/deadline", "#/fields"}
        order |= {"reason": "x", "deadline": "2020-01-01", "fields": ["password"]}
        assert pointers(driver.post(path, order)) == {"#/deadline", "#/fields"}
        assert pointers(driver.post(path, {"move": "pass_review"})) == {"#/despite_missing"}
        application.refresh_from_db()
        assert application.status == Status.IN_REVIEW

    @pytest.mark.parametrize("move", ["settle", "send_correction", "take_in", "let_fees_lapse"])
    def test_nobody_plays_bank_applicant_or_night(self, driver, an_application, move):
        application = an_application("検査申請補正待ち")
        answer = driver.post(moves_of(driver, application), {"move": move, "reason": "x"})
        assert answer.status_code == 409

    def test_a_version_that_is_gone_does_nothing(self, driver, an_application):
        application = an_application("検査申請受付中")
        path = moves_of(driver, application)
        move = {"move": "accept", "version": application.version - 1}
        assert driver.post(path, move).status_code == 409
        move["version"] = application.version
        assert [driver.post(path, move).status_code for _ in range(2)] == [200, 409]

    def test_a_number_of_nobody_is_not_found(self, driver):
        assert driver.get(f"sandbox/applications/{'0' * 17}/moves").status_code == 404


class TestBank:
    @pytest.fixture
    def information(self, an_application):
        application = an_application("検査手数料等納付待ち", numbered=True)
        lines = PaymentInformation.objects.filter(lines__charge__application=application)
        return lines.first()

    def test_the_bank_is_asked_and_no_charge_is_written(self, driver, information, bank):
        number = information.payment_number
        asked = {"notice": "late", "minutes": 3}
        answer = driver.post(f"sandbox/payment-numbers/{number}/pay", asked)
        assert answer.json() == {"payment_number": number, "notice": "late"}
        assert bank.asked[-1][0] == "pay"
        assert bank.asked[-1][1] == {
            "agency_number": "00100",
            "payment_number": number,
            "amount": information.amount,
            "due_on": information.due_on,
            **asked,
        }
        information.refresh_from_db()
        assert information.state == "unpaid"

    def test_what_the_bank_says_instead(self, driver, information, bank):
        path = f"sandbox/payment-numbers/{information.payment_number}/pay"
        bank.refuses = "already_settled"
        refused = driver.post(path, {})
        assert refused.status_code == 409
        assert "already_settled" in refused.json()["detail_en"]
        bank.unreachable = True
        assert driver.post(path, {}).status_code == 503
        assert driver.post(f"sandbox/payment-numbers/{'9' * 20}/pay", {}).status_code == 404


def test_what_happened_since(driver, an_application):
    application = an_application("検査申請受付中")
    since = clock.now()
    driver.post(moves_of(driver, application), {"move": "accept"})
    query = f"sandbox/happenings?since={since.isoformat().replace('+', '%2B')}"
    told = driver.get(query).json()

    assert {(each["kind"], each["code"]) for each in told["items"]} == {
        ("move", "accept"),
        ("mail", "payment_due"),
    }
    assert {each["receipt_number"] for each in told["items"]} == {application.receipt_number}
    assert driver.get(f"{query}&limit=1").json()["has_more"]


def test_only_the_demo_offers_such_a_key(settings):
    def offered():
        return [code for code, _words in credential_forms.CredentialForm().fields["scopes"].choices]

    assert "sandbox" in offered()
    settings.DEMO = False
    assert offered() == ["read", "submit", "pay", "webhooks"]


def test_its_answers_are_described():
    paths = description.describe(V1)["paths"]
    driven = {path: each for path, each in paths.items() if "/sandbox/" in path}
    assert len(driven) == 8
    for operations in driven.values():
        for method, operation in operations.items():
            wanted = {"200", "401", "403", "429"} | ({"409", "422"} if method == "post" else set())
            assert wanted <= set(operation["responses"])
