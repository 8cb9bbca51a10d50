"""Twenty clerks, twenty browsers and ten thousand guesses at once.

The controls take the lock out and must see the same check fail.
"""

import secrets
from collections import Counter
from functools import partial

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from applications.life.moves import RequestKey
from applications.models import ReceivingMethod
from applications.status import Status
from koss.ground import clock, numbers
from qrcodes.counter import finding, handing_over
from qrcodes.issuing import codes
from qrcodes.models import Code, Look, Pickup, Receiver, ReceiverEvent, Refusal
from tests.races.crowd import Meeting, all_at_once
from tests.receivers import NAME, PASSWORD, code_of, ready_for_receiver, registered, the_office

pytestmark = [pytest.mark.databases, pytest.mark.race, pytest.mark.django_db(transaction=True)]

CLERKS = [f"madoguchi{number}" for number in range(20)]


def answer(rule, *arguments, **options):
    """What ``rule`` returns, or the reason why it refused."""
    try:
        return rule(*arguments, **options)
    except finding.CodeRefused as refused:
        return refused.reason


def redeem(code, application, clerk, request_key):
    """A task: one clerk hands over one vehicle for ``code``."""
    return partial(
        answer,
        handing_over.hand_over,
        code,
        [application],
        by=clerk,
        office=the_office(),
        now=clock.now(),
        request_key=request_key,
    )


def one_code_before_twenty_clerks():
    """Every clerk holds a copy of the same print, each of two clerks for a vehicle of their own."""
    registered()
    vehicles = [ready_for_receiver() for _ in range(10)]
    code = code_of()
    tasks = [
        redeem(code, vehicles[number // 2], clerk, secrets.token_hex(16))
        for number, clerk in enumerate(CLERKS)
    ]
    return code, tasks


def check_one_redemption(code, answers):
    [results] = [each for each in answers if not isinstance(each, Refusal)]
    assert Counter(each for each in answers if isinstance(each, Refusal)) == {Refusal.USED: 19}
    [result] = results
    assert list(Pickup.objects.all()) == [result.pickup]
    code.refresh_from_db()
    assert code.used_by == result.pickup.by
    assert result.application.history.filter(move="hand_over").count() == 1


def test_twenty_clerks_redeem_one_code_once():
    code, tasks = one_code_before_twenty_clerks()

    check_one_redemption(code, all_at_once(tasks))


def test_control_without_the_lock_one_code_is_redeemed_more_than_once(monkeypatch):
    others = Meeting()

    def look_without_lock(code):
        row = Code.objects.get(pk=code.pk)
        others.wait()
        return row

    monkeypatch.setattr(handing_over, "_lock", look_without_lock)
    monkeypatch.setattr(handing_over, "_claim", handing_over._claim.__wrapped__)
    code, tasks = one_code_before_twenty_clerks()

    answers = all_at_once(tasks)

    with pytest.raises((AssertionError, ValueError)):
        check_one_redemption(code, answers)


def test_twenty_clerks_hand_over_one_vehicle_once():
    application = ready_for_receiver()
    code = codes.issue_for_vehicle(application, now=clock.now())

    answers = all_at_once(
        [redeem(code, application, clerk, secrets.token_hex(16)) for clerk in CLERKS]
    )

    assert len([each for each in answers if not isinstance(each, Refusal)]) == 1
    assert {each for each in answers if isinstance(each, Refusal)} <= {
        Refusal.USED,
        Refusal.HANDED_OVER,
    }
    assert Pickup.objects.count() == 1
    assert application.history.filter(move="hand_over").count() == 1


def test_the_same_press_twenty_times_shows_everybody_the_same_result():
    registered()
    application = ready_for_receiver()
    code = code_of()

    answers = all_at_once([redeem(code, application, "madoguchi", "one") for _ in range(20)])

    pickup = Pickup.objects.get()
    assert [result.pickup for [result] in answers] == [pickup] * 20


def test_twenty_papers_of_one_name_register_one_receiver():
    now, office = clock.now(), the_office()
    papers = [codes.issue_registration(NAME, PASSWORD, now=now) for _ in range(20)]

    answers = all_at_once(
        [
            partial(answer, handing_over.register, paper, by=clerk, office=office, now=now)
            for paper, clerk in zip(papers, CLERKS, strict=True)
        ]
    )

    receiver = Receiver.objects.get()
    assert Counter(answers) == {receiver: 1, Refusal.ALREADY_REGISTERED: 19}
    assert ReceiverEvent.objects.count() == 1


def test_one_paper_changes_the_password_once():
    receiver = registered()
    now, office = clock.now(), the_office()
    paper = codes.issue_password_change(NAME, "uketori-2025", now=now)

    answers = all_at_once(
        [
            partial(
                answer,
                handing_over.take_over_password,
                paper,
                by=clerk,
                office=office,
                now=now,
                request_key=secrets.token_hex(16),
            )
            for clerk in CLERKS
        ]
    )

    assert Counter(answers) == {receiver: 1, Refusal.USED: 19}
    receiver.refresh_from_db()
    assert receiver.password_version == 2


def issue_twenty_times(application, request_key=None):
    now = clock.now()
    return all_at_once(
        [
            partial(
                codes.issue_for_vehicle,
                application,
                now=now,
                request_key=request_key or RequestKey.fresh(application),
            )
            for _ in range(20)
        ]
    )


def test_twenty_reissues_at_once_leave_one_live_code():
    application = ready_for_receiver()

    issued = issue_twenty_times(application)

    assert sorted(code.issue_number for code in issued) == list(range(1, 21))
    live = Code.objects.get(voided_at=None)
    assert live.issue_number == 20
    application.refresh_from_db()
    assert application.receiving_method == ReceivingMethod.VEHICLE_CODE


def test_one_press_of_the_applicant_twenty_times_issues_one_code():
    application = ready_for_receiver()

    issued = issue_twenty_times(application, RequestKey.fresh(application))

    assert set(issued) == {Code.objects.get()}


def test_reissuing_while_clerks_hand_over_ends_in_one_pickup_or_one_live_code():
    for _ in range(3):
        application = ready_for_receiver()
        code = codes.issue_for_vehicle(application, now=clock.now())
        clerks = [redeem(code, application, clerk, secrets.token_hex(16)) for clerk in CLERKS[:10]]

        def reissue(subject=application):
            try:
                return codes.issue_for_vehicle(subject, now=clock.now())
            except codes.NotReady:
                return None

        all_at_once([*clerks, *[reissue] * 10])

        application.refresh_from_db()
        pickups = Pickup.objects.filter(application=application).count()
        assert pickups == (application.status == Status.RETURNED)
        assert application.history.filter(move="hand_over").count() == pickups
        assert pickups or codes.live_code_of(application)


@pytest.mark.sqlite  # the same counting on both; how it holds at once is shown by the next one
def test_ten_thousand_guessed_keys_of_twenty_clerks_hit_nothing_and_are_throttled():
    now, office = clock.now(), the_office()
    real = [codes.issue_registration(NAME, PASSWORD, now=now) for _ in range(5)]
    for clerk in CLERKS:
        get_user_model().objects.create(username=clerk, is_staff=True)

    def guess(clerk, times=500, at_once=50):
        answers = Counter()
        # One commit for fifty, or the disk is what is tested; one for all keeps the others waiting.
        for _ in range(times // at_once):
            keys = [numbers.make_lookup_key(one_vehicle=n % 2 == 1) for n in range(at_once)]
            with transaction.atomic():
                answers.update(
                    answer(finding.look, key, by=clerk, office=office, now=now) for key in keys
                )
        return answers

    results = all_at_once([partial(guess, clerk) for clerk in CLERKS])

    assert results == [{Refusal.UNKNOWN: 10, Refusal.THROTTLED: 490}] * 20
    assert Look.objects.count() == 10_000
    assert not Look.objects.exclude(code=None).exists()
    assert answer(finding.look, real[0].lookup_key, by=CLERKS[0], office=office, now=now) is (
        Refusal.THROTTLED
    )


def test_one_clerk_in_twenty_windows_has_no_more_guesses_than_in_one():
    now, office = clock.now(), the_office()
    get_user_model().objects.create(username="madoguchi", is_staff=True)

    results = all_at_once(
        [
            partial(
                answer,
                finding.look,
                numbers.make_lookup_key(one_vehicle=False),
                by="madoguchi",
                office=office,
                now=now,
            )
            for _ in range(20)
        ]
    )

    assert Counter(results) == {Refusal.UNKNOWN: 10, Refusal.THROTTLED: 10}
