"""Finding a code at the counter, and each reason why it is refused."""

import secrets
from datetime import datetime, timedelta

import pytest

from applications.models import ReceivingMethod
from applications.status import Procedure
from koss.ground import clock, numbers
from qrcodes.counter import finding, handing_over, receivers
from qrcodes.counter.refusals import SENTENCES
from qrcodes.issuing import codes, symbol
from qrcodes.models import Look, LookedBy, Refusal
from tests.receivers import (
    CLERK,
    NAME,
    PASSWORD,
    code_of,
    ready_for_receiver,
    registered,
    the_office,
)
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
NOON = datetime(2026, 5, 12, 12, 0, tzinfo=clock.JAPAN)


@pytest.fixture(autouse=True)
def no_waits(settings):
    settings.KOSS_PASSWORD_WAITS = []
    settings.KOSS_FAILURES_PER_SOURCE = 100


def look(text, *, now=NOON, by=CLERK, office=None):
    return finding.look(text, by=by, office=office or the_office(), now=now)


def reason_of(text, **options):
    with pytest.raises(finding.CodeRefused) as refused:
        look(text, **options)
    assert refused.value.sentence == SENTENCES[refused.value.reason]
    return refused.value.reason


def paper(now=NOON, name=NAME):
    return codes.issue_registration(name, PASSWORD, now=now)


def another_key():
    """A well-formed lookup key; that it is somebody's has a chance of one in 10^15."""
    return numbers.make_lookup_key(one_vehicle=secrets.randbelow(2) == 1)


def mistyped(key):
    return key[:-1] + str((int(key[-1]) + 1) % 10)


def test_a_symbol_and_its_lookup_key_find_the_same_code():
    code = paper()
    grouped = numbers.grouped(code.lookup_key)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code.lookup_key)
    texts = [symbol.payload(code), code.lookup_key, grouped, grouped.replace(" ", "-"), wide]

    assert [look(text) for text in texts] == [code] * 5


def test_the_key_of_one_vehicle_may_be_typed_in_small_letters():
    code = codes.issue_for_vehicle(ready_for_receiver(now=NOON), now=NOON)

    assert look(code.lookup_key.lower()) == code


def test_every_look_is_written_down():
    code = paper()
    look(symbol.payload(code))
    look(code.lookup_key)
    unknown = another_key()
    reason_of(unknown)
    reason_of(mistyped(code.lookup_key))

    rows = Look.objects.order_by("pk").values_list("how", "result", "code", "by", "office__name")
    clerk = (CLERK, "東京主管事務所")
    assert list(rows) == [
        (LookedBy.SYMBOL, "", code.pk, *clerk),
        (LookedBy.KEY, "", code.pk, *clerk),
        (LookedBy.KEY, Refusal.UNKNOWN, None, *clerk),
        (LookedBy.KEY, Refusal.MISTYPED, None, *clerk),
    ]
    assert Look.objects.get(result=Refusal.UNKNOWN).tail == unknown[-4:]


def test_a_slip_of_the_finger_is_told_apart_from_an_unknown_key():
    code = paper()

    assert reason_of(mistyped(code.lookup_key)) is Refusal.MISTYPED
    assert reason_of(code.lookup_key[:-1]) is Refusal.MISTYPED
    assert reason_of(another_key()) is Refusal.UNKNOWN


@pytest.mark.parametrize("text", ["", "K/22/AX01-0000001", "https://example.jp/", "名前"])
def test_what_is_not_ours_is_told_apart_from_a_forgery(text):
    assert reason_of(text) is Refusal.FOREIGN


def test_a_forgery_is_told_apart_from_a_dead_code():
    application = ready_for_receiver(now=NOON)
    dead = codes.issue_for_vehicle(application, now=NOON)
    codes.issue_for_vehicle(application, now=NOON)
    text = symbol.payload(dead)
    forged = text[:-1] + ("A" if text[-1] != "A" else "E")

    assert reason_of(text) is Refusal.SUPERSEDED
    assert reason_of(forged) is Refusal.FORGED


@pytest.mark.parametrize("issue", [codes.issue_registration, codes.issue_password_change])
def test_a_paper_is_good_until_midnight_of_its_last_day(issue):
    name = NAME if issue is codes.issue_registration else registered(name="六本木商事").name
    code = issue(name, PASSWORD, now=NOON)
    last = clock.at(code.expires_on, hour=23, minute=59, second=59)

    assert look(code.lookup_key, now=last) == code
    assert reason_of(code.lookup_key, now=last + timedelta(seconds=1)) is Refusal.EXPIRED


def test_a_paper_is_used_once():
    code = paper()
    handing_over.register(code, by=CLERK, office=the_office(), now=NOON)

    assert reason_of(code.lookup_key) is Refusal.USED


def test_a_registration_of_a_registered_name_is_refused():
    registered(now=NOON)

    assert reason_of(paper().lookup_key) is Refusal.ALREADY_REGISTERED


def test_a_password_change_needs_a_registered_receiver_who_is_not_frozen():
    code = codes.issue_password_change(NAME, PASSWORD, now=NOON)
    assert reason_of(code.lookup_key) is Refusal.NOT_REGISTERED

    receiver = registered(now=NOON)
    assert look(code.lookup_key) == code
    receivers.freeze(receiver, by="unyo", now=NOON, reason="照会中")
    assert reason_of(code.lookup_key) is Refusal.FROZEN


def test_an_authentication_says_why_it_is_no_good():
    receiver = registered(now=NOON)
    ready_for_receiver(now=NOON)
    good = code_of(now=NOON)
    wrong = code_of(password="uketori-2025", now=NOON)
    unregistered = code_of(name="六本木商事", now=NOON)
    for n in range(5):
        code_of(name="六本木商会", password=f"wrong-{n}", now=NOON)
    registered(name="六本木商会", now=NOON)
    for n in range(5):
        code_of(name="六本木商会", password=f"wrong-{n}", now=NOON)
    unchecked = code_of(name="六本木商会", now=NOON)

    assert look(good.lookup_key) == good
    assert reason_of(wrong.lookup_key) is Refusal.WRONG_PASSWORD
    assert reason_of(unregistered.lookup_key) is Refusal.NOT_REGISTERED
    assert reason_of(unchecked.lookup_key) is Refusal.NOT_CHECKED

    receivers.freeze(receiver, by="unyo", now=NOON, reason="照会中")
    assert reason_of(good.lookup_key) is Refusal.FROZEN
    receivers.unfreeze(receiver, by="unyo", now=NOON, reason="照会済み")
    change = codes.issue_password_change(NAME, "uketori-2025", now=NOON)
    handing_over.take_over_password(change, by=CLERK, office=the_office(), now=NOON)
    assert reason_of(good.lookup_key) is Refusal.PASSWORD_CHANGED


def test_a_verdict_stands_although_the_name_was_registered_later():
    code = code_of(now=NOON)
    registered(now=NOON)
    ready_for_receiver(now=NOON)

    assert reason_of(code.lookup_key) is Refusal.NOT_REGISTERED


def test_an_authentication_without_a_vehicle_here_says_so():
    registered(now=NOON)
    continued, new = code_of(now=NOON), code_of(procedure=Procedure.NEW_VEHICLE, now=NOON)
    ready_for_receiver(now=NOON)
    far = the_office("大阪主管事務所")

    assert look(continued.lookup_key) == continued
    assert reason_of(continued.lookup_key, office=far) is Refusal.WRONG_OFFICE
    assert reason_of(new.lookup_key) is Refusal.NOTHING_READY


def test_a_code_of_one_vehicle_works_at_its_own_office_until_it_was_handed_over():
    application = ready_for_receiver(now=NOON)
    code = codes.issue_for_vehicle(application, now=NOON)

    assert look(code.lookup_key) == code
    assert reason_of(code.lookup_key, office=the_office("大阪主管事務所")) is Refusal.WRONG_OFFICE
    handing_over.hand_over(code, [application], by=CLERK, office=the_office(), now=NOON)
    assert reason_of(code.lookup_key) is Refusal.HANDED_OVER


def test_a_page_of_a_known_code_is_judged_again_but_not_logged():
    code = paper()
    finding.open_code(code, office=the_office(), now=NOON)
    with pytest.raises(finding.CodeRefused) as refused:
        finding.open_code(code, office=the_office(), now=NOON + timedelta(days=60))

    assert (refused.value.reason, refused.value.code) == (Refusal.EXPIRED, code)
    assert not Look.objects.exists()


def test_ten_unknown_keys_in_five_minutes_stop_the_keys_of_that_clerk_alone():
    code = paper()
    for n in range(10):
        assert reason_of(another_key(), now=NOON + timedelta(seconds=n)) is Refusal.UNKNOWN

    soon = NOON + timedelta(minutes=1)
    assert reason_of(code.lookup_key, now=soon) is Refusal.THROTTLED
    assert look(symbol.payload(code), now=soon) == code
    assert look(code.lookup_key, now=soon, by="madoguchi2") == code
    later = NOON + timedelta(minutes=5, seconds=9)
    assert look(code.lookup_key, now=later) == code


def test_slips_of_the_finger_stop_nobody():
    code = paper()
    for _ in range(30):
        assert reason_of(mistyped(code.lookup_key)) is Refusal.MISTYPED

    assert look(code.lookup_key) == code


def test_every_reason_has_a_sentence_and_a_heading_of_its_own():
    assert set(SENTENCES) == set(Refusal)
    assert len({str(sentence) for sentence in SENTENCES.values()}) == len(Refusal)
    assert len({str(reason.label) for reason in Refusal}) == len(Refusal)


def test_an_application_that_never_had_a_receiver_is_nobodys():
    make("返付準備完了", receiver_name="", receiving_method=ReceivingMethod.RECEIVER_CODE)
    registered(now=NOON)

    assert reason_of(code_of(now=NOON).lookup_key) is Refusal.NOTHING_READY
