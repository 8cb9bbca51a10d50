"""The demo world: what it must contain, that all of it is true, and where it must not exist."""

import json
from collections import Counter, defaultdict
from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from applications.demo import journeys, samples
from applications.inquiry.signing_in import LOCK_KIND
from applications.models import Application, Charge, HistoryEntry, Office
from applications.status import Procedure, Status
from koss.access import passwords
from koss.demo import finding, morning, world
from koss.ground import clock, numbers
from koss.ground.workdays import is_working_day
from koss.models import DemoAccount, MailState, NightRun, OutgoingMail
from payments.demo import payers
from payments.models import PaymentInformation
from qrcodes import demo as receivers_of_the_demo
from qrcodes.counter import finding as codes_finding
from qrcodes.counter import handing_over, receivers
from qrcodes.issuing import codes

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(scope="module")
def the_world(django_db_setup, django_db_blocker):
    """The demo world, made once for this module and taken back after it."""
    with override_settings(DEMO=True), django_db_blocker.unblock(), transaction.atomic():
        assert world.load(now=clock.now())
        yield world.accounts()
        transaction.set_rollback(True)


@pytest.fixture
def demo_mode(settings):
    settings.DEMO = True


def told(*arguments):
    out = StringIO()
    call_command("demo_accounts", *arguments, stdout=out)
    return out.getvalue()


class TestWhatItContains:
    def test_three_of_each_status_of_each_procedure(self, the_world):
        counts = Counter(
            (application.procedure, application.status) for _, application in the_world
        )
        wanted = {
            (procedure.value, status.value)
            for procedure in Procedure
            for status in Status
            if status.occurs_in(procedure)
        }
        assert {which for which in wanted if counts[which] < 3} == set()
        assert set(counts) == wanted

    @pytest.mark.parametrize("words", ["納付番号取得前", "納付番号取得後"])
    @pytest.mark.parametrize("procedure", Procedure)
    def test_three_batches_before_and_after_the_number(self, the_world, words, procedure):
        here = [
            application
            for account, application in the_world
            if words in account.shows and application.procedure == procedure
        ]
        assert len(here) >= 3
        assert {application.status for application in here} == {Status.FEES_IN_BATCH}
        taken = {application.charges.numbered().exists() for application in here}
        assert taken == {words == "納付番号取得後"}

    def test_the_number_of_the_manual(self, the_world):
        application = Application.objects.get(receipt_number="21122310500030459")
        assert application.status == Status.AWAITING_CORRECTION
        assert application.procedure == Procedure.NEW_VEHICLE
        assert application.applicant_name == "六本木商事"
        assert application.applied_on == date(2021, 12, 23)
        assert [charge.amount for charge in application.charges.all()] == [1100, 400]
        assert application.deadline > clock.today()

    def test_two_applications_share_one_payment_number(self, the_world):
        shared = {
            information.pk: len({line.charge.application_id for line in information.lines.all()})
            for information in PaymentInformation.objects.prefetch_related("lines__charge")
        }
        assert Counter(shared.values())[2] == 2

    def test_a_locked_password_and_one_on_its_last_try(self, the_world):
        locked, last = [account.receipt_number for account, _ in the_world if account.needs_login][
            ::-1
        ]
        assert passwords.is_locked(LOCK_KIND, locked)
        encoded = Application.objects.get(receipt_number=last).password
        answer = passwords.attempt(
            LOCK_KIND, last, "no", encoded, now=clock.now(), source="192.0.2.1"
        )
        assert answer.verdict is passwords.Verdict.LOCKED

    def test_every_password_is_the_published_one(self, the_world):
        assert {application.password for _, application in the_world} == {
            payers.encoded(journeys.PASSWORD)
        }

    def test_staff_in_their_roles(self, the_world):
        for name, role, office in world.staff():
            user = get_user_model().objects.get(username=name)
            assert user.is_staff
            assert [group.name for group in user.groups.all()] == [role]
            assert user.check_password("Demo-pass-2024")
            assert not office or user.counter_desk.office.name == office
        assert [(name, office) for name, _role, office in world.staff() if office] == [
            ("madoguchi", "東京主管事務所"),
            ("madoguchi-saitama", "埼玉事務所"),
            ("madoguchi-kanagawa", "神奈川事務所"),
        ]

    def test_every_office_has_work_of_every_kind(self, the_world):
        work = Counter((each.office.name, each.status) for _, each in the_world)
        for _name, _role, office in world.staff():
            for status in (Status.RECEIVED, Status.IN_REVIEW, Status.READY_TO_RETURN):
                assert not office or work[office, status], (office, status)

    def test_applications_wait_for_intake_in_every_way_of_paying(self, the_world):
        received = [each for _, each in the_world if each.status == Status.RECEIVED]
        assert {each.payment_method for each in received} == {"individual", "batch", "direct"}

    def test_no_plate_stands_on_two_vehicles(self, the_world):
        plates = defaultdict(set)
        for _, each in the_world:
            plates[each.plate].add(each.chassis_number)
        plates.pop("", None)
        assert {plate: who for plate, who in plates.items() if len(who) > 1} == {}

    def test_the_batch_of_the_manual(self, the_world):
        [batch] = PaymentInformation.objects.filter(amount=28_600)
        assert (batch.kind, batch.count, batch.state) == ("weight_tax", 4, "unpaid")

    def test_the_agency_does_not_answer_at_once(self, the_world):
        open_ones = DBTaskResult.objects.ready().filter(task_path__endswith="fetch_number")
        waits = [
            task.run_after - clock.now()
            for task in DBTaskResult.objects.filter(task_path__endswith="fetch_number")
        ]
        assert not open_ones.exists()
        assert len(waits) == 2
        assert min(waits) > timedelta(minutes=3)

    def test_what_to_try_first_is_there(self, the_world):
        rows = finding.first_to_try(the_world)
        assert len(rows) == len(samples.FIRST)
        assert rows[0].account.receipt_number == samples.MANUAL_NUMBER

    def test_a_receiver_for_whom_vehicles_of_both_procedures_wait(self, the_world):
        office = Office.objects.get(name="東京主管事務所")
        for procedure in Procedure:
            code = codes.issue_authentication(
                receivers_of_the_demo.RECEIVER,
                "uketori-2024",
                procedure,
                now=clock.now(),
                source="192.0.2.1",
            )
            codes_finding.open_code(code, office=office, now=clock.now())
            waiting = codes_finding.ready_for(code, office)
            assert len(waiting) >= 3
            has_papers = any(handing_over.papers_to_show(each) for each in waiting)
            assert has_papers == (procedure == Procedure.CONTINUED_INSPECTION)
        assert [event.kind for event in code.receiver.events.all()] == ["registered"]
        fetched = receivers.pickups_of(code.receiver)
        assert {pickup.application.status for pickup in fetched} == {"returned", "issued"}


class TestThatItIsTrue:
    def test_history_replays_to_the_status(self, the_world):
        for _, application in the_world:
            entries = list(application.history.order_by("version"))
            assert [entry.version for entry in entries] == list(range(1, application.version + 1))
            assert ["", *(entry.to_status for entry in entries[:-1])] == [
                entry.from_status for entry in entries
            ]
            assert entries[-1].to_status == application.status

    def test_everything_happened_in_order_and_before_now(self, the_world):
        for _, application in the_world:
            moments = [entry.at for entry in application.history.order_by("version")]
            assert moments == sorted(set(moments))
            assert clock.day(moments[0]) == application.applied_on
            assert moments[-1] < clock.now()

    def test_staff_work_on_working_days(self, the_world):
        entries = HistoryEntry.objects.exclude(by="")
        assert {entry.pk for entry in entries if not is_working_day(clock.day(entry.at))} == set()

    def test_receipt_numbers_begin_with_their_day(self, the_world):
        for account, application in the_world:
            assert numbers.read_receipt_number(account.receipt_number) == account.receipt_number
            assert account.receipt_number[:6] == f"{application.applied_on:%y%m%d}"

    def test_the_only_deadlines_that_have_passed_are_those_that_say_so(self, the_world):
        today = clock.today()
        late = {
            account.shows
            for account, application in the_world
            if application.deadline and application.deadline < today
        }
        assert all("過ぎた" in shows or "最終日" in shows for shows in late)

    def test_vehicle_tax_is_owed_only_for_reviews_in_time(self, the_world):
        owed = Charge.objects.filter(kind="vehicle_tax", amount__gt=0)
        assert owed.count() >= 9
        assert not owed.filter(application__reviewed_on__gt=date(2026, 3, 31)).exists()

    def test_no_mail_is_left_to_send(self, the_world):
        assert set(OutgoingMail.objects.values_list("state", flat=True)) == {MailState.SENT}
        assert not OutgoingMail.objects.exclude(to__endswith=".example").exists()

    def test_people_are_those_of_the_manuals(self, the_world):
        names = Application.objects.values_list("applicant_name", "user_name").distinct()
        assert set(names) == {
            ("軽自行政書士事務所", "軽自 太郎"),
            ("六本木商事", "六本木商事"),
        }


class TestDemoAccounts:
    def test_json_is_all_there_is(self, the_world, demo_mode):
        accounts = json.loads(told("--json"))
        assert len(accounts) == len(the_world)
        assert {tuple(account) for account in accounts} == {
            ("receipt_number", "password", "procedure", "status", "shows")
        }
        assert {account["procedure"] for account in accounts} == {"継続検査", "新車"}
        assert {account["password"] for account in accounts} == {"shinsei-2024"}

    def test_the_status_is_read_now(self, the_world, demo_mode):
        number = json.loads(told("--json"))[0]["receipt_number"]
        status = Application.objects.get(receipt_number=number).get_status_display()
        assert json.loads(told("--json"))[0]["status"] == status

    def test_a_table_for_people(self, the_world, demo_mode):
        table = told()
        assert "21122310500030459  新車  検査申請補正待ち" in table
        assert "shinsei-2024" in table
        assert "madoguchi" in table

    def test_nothing_is_told_outside_demo_mode(self, the_world, settings):
        settings.DEMO = False
        with pytest.raises(CommandError, match="demo mode"):
            told("--json")


class TestTheNextMorning:
    @pytest.fixture
    def gone_on(self, the_world, demo_mode):
        day = morning.day_that_ends(clock.now())
        return morning.go_on_from(day)

    def test_it_is_five_o_clock_and_the_night_is_done(self, gone_on):
        at = clock.night_begins(gone_on.business_date)
        assert timedelta() <= clock.now() - at < timedelta(minutes=1)
        assert gone_on.finished_at

    def test_it_shows_what_the_accounts_promised(self, gone_on):
        changed = {
            (entry.application.receipt_number, entry.to_status)
            for entry in morning.what_changed(gone_on).moves
        }
        promised = {
            account.receipt_number
            for account in DemoAccount.objects.filter(shows__contains="翌朝に")
        }
        assert {number for number, _ in changed} == promised
        assert {status for _, status in changed} == {Status.INVALID, Status.REJECTED}

    def test_it_shows_the_mails(self, gone_on):
        mails = morning.what_changed(gone_on).mails
        moved = {
            mail.receipt_number for mail, _ in mails if mail.template in {"invalid", "rejected"}
        }
        assert len(moved) == 8
        assert all(subject for _, subject in mails)

    def test_the_same_press_again_skips_no_day(self, gone_on):
        assert morning.go_on_from(gone_on.business_date) is None
        assert NightRun.objects.count() == 1

    def test_the_morning_after_that(self, gone_on):
        run = morning.go_on_from(morning.day_that_ends(clock.now()))
        assert run.business_date == gone_on.business_date + timedelta(days=1)


def test_staff_can_sign_in(the_world, rf):
    user = authenticate(rf.get("/"), username="shinsa", password="Demo-pass-2024")
    assert user is not None


def test_once_only(the_world, demo_mode):
    before = list(DemoAccount.objects.values_list("receipt_number", flat=True))
    assert world.load(now=clock.now()) is False
    assert list(DemoAccount.objects.values_list("receipt_number", flat=True)) == before
