"""Issuing the four codes (【一括申請】二次元コード発行の操作手順)."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password, is_password_usable
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.life.moves import RequestKey
from applications.models import ReceivingMethod
from applications.status import Procedure, Status
from koss.access import passwords
from koss.ground import clock, numbers
from qrcodes.issuing import codes
from qrcodes.models import Code, CodeKind, CodeVerdict, Receiver, ReceiverEvent
from tests.receivers import NAME, PASSWORD, SOURCE, code_of, ready_for_receiver, registered
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
NOON = datetime(2026, 5, 12, 12, 0, tzinfo=clock.JAPAN)


@pytest.fixture(autouse=True)
def no_waits(settings):
    settings.KOSS_PASSWORD_WAITS = []


@pytest.mark.parametrize("issue", [codes.issue_registration, codes.issue_password_change])
def test_a_paper_keeps_the_hash_for_thirty_days_and_changes_nothing(issue):
    code = issue(NAME, PASSWORD, now=NOON)

    assert check_password(PASSWORD, code.password)
    assert code.expires_on == date(2026, 6, 11)
    assert code.receiver_name == NAME
    assert (code.procedure, code.verdict, code.receiver, code.application) == ("", "", None, None)
    assert not Receiver.objects.exists()
    assert not ReceiverEvent.objects.exists()


@pytest.mark.parametrize("issue", [codes.issue_registration, codes.issue_password_change])
def test_a_paper_is_the_same_for_a_registered_and_an_unknown_name(issue):
    registered(now=NOON)
    with CaptureQueriesContext(
        connection,
    ) as for_known:
        known = issue(NAME, PASSWORD, now=NOON)
    with CaptureQueriesContext(connection) as for_unknown:
        unknown = issue("六本木商事", PASSWORD, now=NOON)

    assert len(for_known) == len(for_unknown)
    assert known.receiver is unknown.receiver is None


def test_the_verdict_is_kept_and_not_told():
    receiver = registered(now=NOON)
    issued = [
        code_of(now=NOON),
        code_of(password="uketori-2025", now=NOON),
        code_of(name="六本木商事", now=NOON),
    ]

    assert [code.verdict for code in issued] == ["right", "wrong", "not_registered"]
    assert [code.receiver for code in issued] == [receiver, receiver, None]
    assert [code.password_version for code in issued] == [1, 1, None]
    assert {code.kind for code in issued} == {CodeKind.AUTHENTICATION}
    assert all(code.password == "" and code.expires_on is None for code in issued)


def test_names_are_compared_character_by_character():
    registered(name="軽自商事　本店", now=NOON)

    for other in ("軽自商事本店", "軽自商事　本店　", "軽自商事　本店（旧）", "軽自商事　木店"):
        assert code_of(name=other, now=NOON).verdict == CodeVerdict.NOT_REGISTERED


def test_tries_are_counted_by_name_and_then_not_checked_at_all():
    registered(now=NOON)
    wrong = [code_of(password=f"wrong-{n}", now=NOON).verdict for n in range(5)]

    assert wrong == ["wrong"] * 4 + ["not_checked"]
    assert code_of(now=NOON).verdict == CodeVerdict.NOT_CHECKED


def test_an_unknown_name_is_counted_like_a_known_one():
    for n in range(5):
        code_of(name="六本木商事", password=f"wrong-{n}", now=NOON)

    assert passwords.is_locked(codes.LOCK_KIND, "六本木商事")
    assert code_of(name="六本木商事", now=NOON).verdict == CodeVerdict.NOT_REGISTERED


def test_a_browser_that_was_right_before_cannot_be_locked_out_by_a_stranger():
    registered(now=NOON)

    def issue(password, source, device=""):
        return codes.issue_authentication(
            NAME, password, "continued_inspection", now=NOON, source=source, device=device
        ).verdict

    assert issue(PASSWORD, SOURCE, "office-browser") == CodeVerdict.RIGHT
    for n in range(6):
        issue(f"wrong-{n}", "203.0.113.9")
    assert issue(PASSWORD, SOURCE) == CodeVerdict.NOT_CHECKED
    assert issue(PASSWORD, SOURCE, "office-browser") == CodeVerdict.RIGHT


def test_known_and_unknown_names_cost_one_hash_and_the_same_queries(monkeypatch):
    registered(now=NOON)
    hashed = []
    check = passwords.check_password
    monkeypatch.setattr(
        passwords, "check_password", lambda *pair: hashed.append(pair) or check(*pair)
    )
    code_of(name="札幌商事", password="wrong-1", now=NOON)  # the source has its row
    hashed.clear()
    counts = []
    for name, password in ((NAME, "wrong-1"), ("六本木商事", "wrong-1")):
        with CaptureQueriesContext(connection) as queries:
            code_of(name=name, password=password, now=NOON)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert len(hashed) == 2
    assert all(is_password_usable(encoded) for _typed, encoded in hashed)


@pytest.mark.parametrize("name", [NAME, "六本木商事"], ids=["known", "unknown"])
def test_a_try_that_has_to_wait_gives_no_code_that_fails_at_the_counter(settings, name):
    settings.KOSS_PASSWORD_WAITS = [30]
    registered(now=NOON)
    code_of(name=name, password="wrong-1", now=NOON)
    issued = Code.objects.count()

    with pytest.raises(codes.NotNow) as refused:
        code_of(name=name, now=NOON + timedelta(seconds=9))

    assert refused.value.answer.retry_at == NOON + timedelta(seconds=30)
    assert Code.objects.count() == issued
    later = code_of(name=name, now=NOON + timedelta(seconds=30))
    assert later.verdict == (CodeVerdict.RIGHT if name == NAME else CodeVerdict.NOT_REGISTERED)


def test_a_procedure_that_is_none_is_refused():
    with pytest.raises(ValueError, match="scrapping"):
        code_of(procedure="scrapping")


def test_when_all_places_at_the_hasher_are_taken_nothing_is_issued(monkeypatch):
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(passwords._places, "acquire", lambda timeout: False)

    for issue in (
        lambda: code_of(now=NOON),
        lambda: codes.issue_registration(NAME, PASSWORD, now=NOON),
    ):
        with pytest.raises(passwords.Busy):
            issue()
    assert not Code.objects.exists()


@pytest.mark.parametrize("procedure", Procedure)
def test_the_code_of_one_vehicle_switches_the_receiving_method_for_good(procedure):
    application = ready_for_receiver(procedure)
    code = codes.issue_for_vehicle(application, now=NOON)

    application.refresh_from_db()
    assert application.receiving_method == ReceivingMethod.VEHICLE_CODE
    assert (code.application, code.procedure, code.issue_number) == (application, procedure, 1)
    assert code.lookup_key[0] == "K"
    assert (code.receiver_name, code.password, code.verdict) == ("", "", "")


def test_a_reissue_voids_the_older_code_any_number_of_times():
    application = ready_for_receiver()
    issued = [
        codes.issue_for_vehicle(application, now=NOON + timedelta(minutes=n)) for n in range(4)
    ]

    rows = list(Code.objects.filter(application=application).order_by("pk"))
    assert rows == issued
    assert [row.issue_number for row in rows] == [1, 2, 3, 4]
    assert [row.voided_at is None for row in rows] == [False, False, False, True]
    assert codes.live_code_of(application) == issued[-1]


def test_the_same_press_gives_the_same_code():
    application = ready_for_receiver()
    request_key = RequestKey.fresh(application)
    first = codes.issue_for_vehicle(application, now=NOON, request_key=request_key)

    assert codes.issue_for_vehicle(application, now=NOON, request_key=request_key) == first
    assert (
        codes.issue_for_vehicle(application, now=NOON, request_key=RequestKey.fresh(application))
        != first
    )
    assert codes.issue_for_vehicle(application, now=NOON, request_key=request_key) == first
    assert Code.objects.count() == 2


def test_a_mangled_request_key_counts_as_none():
    application = ready_for_receiver()
    issued = {
        codes.issue_for_vehicle(application, now=NOON, request_key=RequestKey.read("x")).pk
        for _ in "12"
    }

    assert len(issued) == 2


@pytest.mark.parametrize("status", [status for status in Status if status not in Status.READY])
def test_in_every_other_status_nothing_is_issued(status):
    application = make(status, receiving_method=ReceivingMethod.RECEIVER_CODE)
    with pytest.raises(codes.NotReady) as refused:
        codes.issue_for_vehicle(application, now=NOON)

    assert refused.value.application == application
    application.refresh_from_db()
    assert application.receiving_method == ReceivingMethod.RECEIVER_CODE
    assert codes.live_code_of(application) is None
    assert not Code.objects.exists()


def test_the_moves_of_an_application_are_not_touched():
    application = ready_for_receiver()
    codes.issue_for_vehicle(application, now=NOON)

    version = application.version
    application.refresh_from_db()
    assert application.version == version == application.history.count()


def test_lookup_keys_and_public_ids_are_as_they_should_be():
    application = ready_for_receiver()
    for code in (code_of(), codes.issue_for_vehicle(application, now=NOON)):
        assert numbers.read_lookup_key(code.lookup_key) == code.lookup_key
        assert len(code.lookup_key) == 16
        assert len(code.public_id) == 20


def test_a_lookup_key_that_is_taken_is_not_given_twice(monkeypatch):
    taken = code_of(now=NOON).lookup_key
    make_key = numbers.make_lookup_key
    offered = [taken, taken]
    monkeypatch.setattr(
        numbers,
        "make_lookup_key",
        lambda one_vehicle: offered.pop() if offered else make_key(one_vehicle=one_vehicle),
    )

    assert code_of(now=NOON).lookup_key != taken
    assert offered == []
