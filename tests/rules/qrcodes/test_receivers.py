"""Registering receivers, changing passwords, freezing."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError

from koss.access import passwords
from koss.ground import clock
from qrcodes.counter import finding, handing_over, receivers
from qrcodes.issuing import codes
from qrcodes.issuing.night import forget_expired_passwords
from qrcodes.models import Receiver, ReceiverEvent, ReceiverEventKind, Refusal
from tests.receivers import (
    CLERK,
    NAME,
    PASSWORD,
    code_of,
    ready_for_receiver,
    registered,
    the_office,
)

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
NOON = datetime(2026, 5, 12, 12, 0, tzinfo=clock.JAPAN)
LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_waits(settings):
    settings.KOSS_PASSWORD_WAITS = []


def at_the_counter(rule, code, *, now=LATER, **options):
    return rule(code, by=CLERK, office=the_office(), now=now, **options)


def reason_of(rule, code, **options):
    with pytest.raises(finding.CodeRefused) as refused:
        at_the_counter(rule, code, **options)
    return refused.value.reason


def test_a_recorded_paper_makes_a_receiver_with_its_password():
    code = codes.issue_registration(NAME, PASSWORD, now=NOON)
    receiver = at_the_counter(handing_over.register, code)

    assert receiver.name == NAME
    assert check_password(PASSWORD, receiver.password)
    assert (receiver.password_version, receiver.registered_by) == (1, CLERK)
    assert (receiver.registered_at, receiver.office) == (LATER, the_office())
    [event] = receivers.events_of(receiver)
    assert (event.kind, event.by, event.code) == (ReceiverEventKind.REGISTERED, CLERK, code)
    code.refresh_from_db()
    assert (code.used_at, code.used_by, code.receiver) == (LATER, CLERK, receiver)
    assert code.password == ""


def test_the_same_press_registers_once_and_another_is_refused():
    code = codes.issue_registration(NAME, PASSWORD, now=NOON)
    first = at_the_counter(handing_over.register, code, request_key="one")

    assert at_the_counter(handing_over.register, code, request_key="one") == first
    assert reason_of(handing_over.register, code, request_key="two") is Refusal.USED
    assert reason_of(handing_over.register, code) is Refusal.USED
    assert Receiver.objects.count() == ReceiverEvent.objects.count() == 1


def test_the_first_of_two_papers_for_one_name_registers_it():
    first = codes.issue_registration(NAME, PASSWORD, now=NOON)
    second = codes.issue_registration(NAME, "another-2024", now=NOON)
    at_the_counter(handing_over.register, first)

    assert reason_of(handing_over.register, second) is Refusal.ALREADY_REGISTERED
    assert check_password(PASSWORD, Receiver.objects.get().password)


def test_a_name_that_was_registered_meanwhile_is_refused_by_the_database_too(monkeypatch):
    code = codes.issue_registration(NAME, PASSWORD, now=NOON)
    registered(now=NOON)
    monkeypatch.setattr(finding, "why_not", lambda *_anything: None)

    assert reason_of(handing_over.register, code) is Refusal.ALREADY_REGISTERED


def test_a_dead_paper_registers_nobody():
    code = codes.issue_registration(NAME, PASSWORD, now=NOON)

    late = NOON + timedelta(days=31)
    assert reason_of(handing_over.register, code, now=late) is Refusal.EXPIRED
    assert not Receiver.objects.exists()


def test_each_paper_serves_its_own_purpose():
    registered(now=NOON)
    registration = codes.issue_registration("六本木商事", PASSWORD, now=NOON)
    change = codes.issue_password_change(NAME, PASSWORD, now=NOON)
    authentication = code_of(now=NOON)
    vehicle = codes.issue_for_vehicle(ready_for_receiver(now=NOON), now=NOON)

    for rule, mine in (
        (handing_over.register, registration),
        (handing_over.take_over_password, change),
    ):
        for code in {registration, change, authentication, vehicle} - {mine}:
            assert reason_of(rule, code) is Refusal.WRONG_PURPOSE
    for code in (registration, change):
        with pytest.raises(finding.CodeRefused) as refused:
            at_the_counter(handing_over.hand_over, code, applications=[])
        assert refused.value.reason is Refusal.WRONG_PURPOSE


def test_a_new_password_is_taken_over_and_ends_codes_of_the_old_one():
    receiver = registered(now=NOON)
    ready_for_receiver(now=NOON)
    old = code_of(now=NOON)
    change = codes.issue_password_change(NAME, "uketori-2025", now=NOON)
    assert code_of(now=NOON).verdict == "right"  # nothing has changed yet

    changed = at_the_counter(handing_over.take_over_password, change, request_key="one")

    assert (
        at_the_counter(handing_over.take_over_password, change, request_key="one")
        == changed
        == receiver
    )
    assert changed.password_version == 2
    assert check_password("uketori-2025", changed.password)
    with pytest.raises(finding.CodeRefused):
        finding.open_code(old, office=the_office(), now=LATER)
    assert code_of(now=LATER).verdict == "wrong"
    assert code_of(password="uketori-2025", now=LATER).verdict == "right"
    kinds = [event.kind for event in receivers.events_of(receiver)]
    assert kinds == ["password_changed", "registered"]


def test_a_new_password_lifts_the_lock_of_the_old_one():
    registered(now=NOON)
    for n in range(5):
        code_of(password=f"wrong-{n}", now=NOON)
    assert passwords.is_locked(codes.LOCK_KIND, NAME)

    change = codes.issue_password_change(NAME, "uketori-2025", now=NOON)
    at_the_counter(handing_over.take_over_password, change)

    assert code_of(password="uketori-2025", now=LATER).verdict == "right"


def test_freezing_and_unfreezing_are_on_record():
    receiver = registered(now=NOON)
    frozen = receivers.freeze(receiver, by="unyo", now=LATER, reason="照会中")

    assert (receiver.is_frozen, receiver.frozen_by, receiver.frozen_reason) == (
        True,
        "unyo",
        "照会中",
    )
    assert receivers.freeze(receiver, by="unyo2", now=LATER, reason="もう一度") is None
    thawed = receivers.unfreeze(
        receiver, by=CLERK, office=the_office(), now=LATER, reason="照会済み"
    )
    assert not receiver.is_frozen
    assert (receiver.frozen_by, receiver.frozen_reason) == ("", "")
    assert receivers.unfreeze(receiver, by=CLERK, now=LATER, reason="もう一度") is None
    assert list(receivers.events_of(receiver))[:2] == [thawed, frozen]
    assert (frozen.by, frozen.reason, thawed.office) == ("unyo", "照会中", the_office())


@pytest.mark.parametrize("rule", [receivers.freeze, receivers.unfreeze])
def test_freezing_needs_a_reason(rule):
    receiver = registered(now=NOON)
    with pytest.raises(ValueError, match="reason"):
        rule(receiver, by="unyo", now=LATER, reason="  ")


def test_receivers_are_found_by_a_part_of_their_name():
    one, other = registered(now=NOON), registered(name="六本木商事", now=NOON)

    assert list(Receiver.objects.filter(names__finds="軽自太郎")) == [one]
    assert list(Receiver.objects.filter(names__finds="商事")) == [other]


def test_two_receivers_never_share_a_name():
    receiver = registered(now=NOON)
    twin = Receiver(name=NAME, password="x", registered_at=NOON, registered_by=CLERK)
    twin.office = receiver.office
    with pytest.raises(IntegrityError):
        twin.save()


def test_the_night_forgets_the_passwords_of_papers_that_expired():
    old = codes.issue_registration(NAME, PASSWORD, now=NOON - timedelta(days=1))
    young = codes.issue_password_change(NAME, PASSWORD, now=NOON)
    night = old.expires_on

    def forget(chunk=1):
        return sum(forget_expired_passwords(night, now=clock.night_begins(night), chunk=chunk))

    assert (forget(), forget()) == (1, 0)
    old.refresh_from_db()
    young.refresh_from_db()
    assert old.password == ""
    assert check_password(PASSWORD, young.password)
