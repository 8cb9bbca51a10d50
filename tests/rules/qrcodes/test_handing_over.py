"""Handing over at the counter (【一括申請】二次元コード発行の操作手順, 3 and 6)."""

from datetime import datetime, timedelta

import pytest

from applications.life import moves
from applications.models import AttachmentKind, AttachmentState, ReceivingMethod
from applications.status import Actor, Procedure, Status
from koss.ground import clock
from qrcodes.counter import finding, handing_over, receivers
from qrcodes.issuing import codes
from qrcodes.models import Pickup, Proof, Refusal
from tests.receivers import CLERK, NAME, code_of, ready_for_receiver, registered, the_office
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
NOON = datetime(2026, 5, 12, 12, 0, tzinfo=clock.JAPAN)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def receiver(db):
    return registered(now=NOON)


def ready(procedure=Procedure.CONTINUED_INSPECTION, **fields):
    return ready_for_receiver(procedure, now=NOON, **fields)


def hand_over(code, applications, *, office=None, now=LATER, **options):
    return handing_over.hand_over(
        code, applications, by=CLERK, office=office or the_office(), now=now, **options
    )


def reasons(results):
    return [result.reason for result in results]


def refusal_of(code, applications, **options):
    with pytest.raises(finding.CodeRefused) as refused:
        hand_over(code, applications, **options)
    return refused.value.reason


@pytest.mark.parametrize("procedure", Procedure)
def test_all_vehicles_of_a_receiver_are_handed_over_in_one_step(receiver, procedure):
    applications = [ready(procedure) for _ in range(3)]
    code = code_of(procedure=procedure, now=NOON)

    results = hand_over(code, finding.ready_for(code, the_office()))

    assert reasons(results) == [None] * 3
    assert [result.application for result in results] == applications
    done = Status.RETURNED if procedure == Procedure.CONTINUED_INSPECTION else Status.ISSUED
    assert {result.application.status for result in results} == {done}
    for result in results:
        entry = result.application.history.last()
        assert (entry.move, entry.actor, entry.by) == ("hand_over", Actor.COUNTER, CLERK)
        assert (entry.at, entry.standard_reason) == (LATER, "handed_over")
        pickup = result.pickup
        assert (pickup.code, pickup.receiver_name, pickup.by) == (code, NAME, CLERK)
        assert (pickup.office, pickup.at, pickup.papers_seen) == (the_office(), LATER, "")
    assert list(receivers.pickups_of(receiver)) == [r.pickup for r in reversed(results)]
    code.refresh_from_db()
    assert (code.used_at, code.used_by) == (LATER, CLERK)


def test_the_list_holds_this_office_this_procedure_this_name_and_nothing_else(receiver):
    mine = [ready(), ready()]
    ready(Procedure.NEW_VEHICLE)
    ready(office=the_office("大阪主管事務所"))
    ready(name="軽自行政書士事務所　軽自　太郎（１２３４５６７９）")
    ready(name=f"{NAME}様")
    make("返付準備完了", receiver_name=NAME, receiving_method=ReceivingMethod.VEHICLE_CODE)
    make("返付済", receiver_name=NAME, receiving_method=ReceivingMethod.RECEIVER_CODE)
    make("自動車重量税納付待ち", receiver_name=NAME, receiving_method=ReceivingMethod.RECEIVER_CODE)

    assert list(finding.ready_for(code_of(now=NOON), the_office())) == mine


def test_the_list_takes_the_same_queries_for_one_and_for_many(receiver, django_assert_num_queries):
    code, office = code_of(now=NOON), the_office()
    for _ in range(3):
        ready()
        with django_assert_num_queries(2):
            [handing_over.papers_to_show(each) for each in finding.ready_for(code, office)]


def test_some_may_be_handed_over_and_the_others_wait_for_the_next_code(receiver):
    one, other = ready(), ready()
    first = code_of(now=NOON)
    hand_over(first, [one])

    assert refusal_of(first, [other]) is Refusal.USED
    assert reasons(hand_over(code_of(now=LATER), [other])) == [None]


def test_the_same_press_shows_the_same_result(receiver):
    one, other = ready(), ready()
    code = code_of(now=NOON)
    first = hand_over(code, [one, other], request_key="one")

    assert hand_over(code, [one, other], request_key="one", now=LATER) == first
    assert refusal_of(code, [one, other], request_key="two") is Refusal.USED
    assert refusal_of(code, [one, other]) is Refusal.USED
    assert Pickup.objects.count() == 2
    assert [each.history.filter(move="hand_over").count() for each in (one, other)] == [1, 1]


def test_every_vehicle_says_for_itself_why_it_is_not_handed_over(receiver):
    far = the_office("大阪主管事務所")
    not_mine = [
        (ready(office=far), Refusal.WRONG_OFFICE),
        (ready(name="六本木商事"), Refusal.WRONG_RECEIVER),
        (ready(Procedure.NEW_VEHICLE), Refusal.WRONG_PROCEDURE),
        (ready(receiving_method=ReceivingMethod.VEHICLE_CODE), Refusal.WRONG_METHOD),
        (
            make(
                "自動車重量税納付待ち",
                receiver_name=NAME,
                receiving_method=ReceivingMethod.RECEIVER_CODE,
            ),
            Refusal.NOT_READY,
        ),
        (
            make("返付済", receiver_name=NAME, receiving_method=ReceivingMethod.RECEIVER_CODE),
            Refusal.HANDED_OVER,
        ),
    ]
    mine = ready()
    before = {application.pk: application.status for application, _reason in not_mine}

    results = hand_over(code_of(now=NOON), [*(each for each, _reason in not_mine), mine])

    by_key = {result.application.pk: result for result in results}
    for application, reason in not_mine:
        result = by_key[application.pk]
        assert (result.reason, result.pickup) == (reason, None)
        assert result.sentence
        application.refresh_from_db()
        assert application.status == before[application.pk]
    assert (by_key[mine.pk].reason, by_key[mine.pk].sentence) == (None, "")
    assert Pickup.objects.count() == 1


def test_a_press_that_hands_over_nothing_leaves_the_code_as_it_was(receiver):
    one = ready()
    code = code_of(now=NOON)
    assert reasons(hand_over(code, [ready(name="六本木商事")])) == [Refusal.WRONG_RECEIVER]
    assert hand_over(code, []) == []

    code.refresh_from_db()
    assert (code.used_at, code.used_by, code.use_request_key) == (None, "", "")
    assert reasons(hand_over(code, [one])) == [None]


def test_the_code_is_judged_once_more_when_it_is_redeemed(receiver):
    one = ready()
    code = code_of(now=NOON)
    receivers.freeze(receiver, by="unyo", now=NOON, reason="照会中")
    assert refusal_of(code, [one]) is Refusal.FROZEN

    receivers.unfreeze(receiver, by="unyo", now=NOON, reason="照会済み")
    wrong = code_of(password="uketori-2025", now=NOON)
    assert refusal_of(wrong, [one]) is Refusal.WRONG_PASSWORD
    one.refresh_from_db()
    assert one.status == Status.READY_TO_RETURN


def test_a_crash_half_way_is_finished_by_the_same_press(receiver, monkeypatch):
    applications = [ready() for _ in range(3)]
    code = code_of(now=NOON)
    perform, left = moves.perform, [1]

    def fails_at_the_second(*arguments, **options):
        if not left:
            raise OSError("the machine stopped")
        left.pop()
        return perform(*arguments, **options)

    monkeypatch.setattr(moves, "perform", fails_at_the_second)
    with pytest.raises(OSError, match="stopped"):
        hand_over(code, applications, request_key="one")
    assert Pickup.objects.count() == 1
    monkeypatch.undo()

    assert refusal_of(code, applications, request_key="two") is Refusal.USED
    assert reasons(hand_over(code, applications, request_key="one")) == [None] * 3
    assert Pickup.objects.count() == 3


def test_the_code_of_one_vehicle_fetches_that_vehicle_for_any_bearer():
    one, other = ready(), ready()
    code = codes.issue_for_vehicle(one, now=NOON)
    assert list(finding.ready_for(code, the_office())) == [one]

    results = hand_over(code, [one, other])

    assert reasons(results) == [None, Refusal.WRONG_VEHICLE]
    assert results[0].pickup.receiver_name == ""
    assert refusal_of(code, [one]) is Refusal.HANDED_OVER
    other.refresh_from_db()
    assert other.status == Status.READY_TO_RETURN


def test_an_older_code_is_dead_after_a_reissue():
    one = ready()
    old = codes.issue_for_vehicle(one, now=NOON)
    new = codes.issue_for_vehicle(one, now=NOON)

    assert refusal_of(old, [one]) is Refusal.SUPERSEDED
    assert reasons(hand_over(new, [one])) == [None]


def test_a_code_reissued_while_its_press_comes_to_nothing_stays_dead():
    one, other = ready(), ready()
    old = codes.issue_for_vehicle(one, now=NOON)
    new = []

    def reissued_meanwhile():
        new.append(codes.issue_for_vehicle(one, now=NOON))
        yield other

    assert reasons(hand_over(old, reissued_meanwhile())) == [Refusal.WRONG_VEHICLE]
    assert refusal_of(old, [one]) is Refusal.SUPERSEDED
    assert reasons(hand_over(new[0], [one])) == [None]


def test_another_office_hands_nothing_over():
    one = ready()
    code = codes.issue_for_vehicle(one, now=NOON)
    far = the_office("大阪主管事務所")

    assert refusal_of(code, [one], office=far) is Refusal.WRONG_OFFICE
    assert list(finding.ready_for(code, far)) == []


def test_a_vehicle_code_takes_its_vehicle_off_the_receivers_list(receiver):
    one = ready()
    code = code_of(now=NOON)
    codes.issue_for_vehicle(one, now=NOON)

    assert reasons(hand_over(code, [one])) == [Refusal.WRONG_METHOD]


def test_what_must_still_be_shown_on_paper(receiver):
    plain = ready()
    unconfirmed = ready(annual_tax_confirmed=False)
    not_looked_up = ready(annual_tax_confirmed=None)
    new = ready(Procedure.NEW_VEHICLE)
    lacking = ready()
    lacking.attachments.filter(kind=AttachmentKind.LIABILITY_INSURANCE).update(
        state=AttachmentState.MISSING
    )

    assert handing_over.papers_to_show(plain) == handing_over.papers_to_show(new) == []
    assert (
        handing_over.papers_to_show(unconfirmed)
        == handing_over.papers_to_show(not_looked_up)
        == [Proof.ANNUAL_TAX]
    )
    assert handing_over.papers_to_show(lacking) == [AttachmentKind.LIABILITY_INSURANCE]


def test_without_its_papers_a_vehicle_stays_and_with_them_they_are_on_record(receiver):
    plain, unconfirmed = ready(), ready(annual_tax_confirmed=False)
    first = hand_over(code_of(now=NOON), [plain, unconfirmed])
    assert reasons(first) == [None, Refusal.PAPERS_MISSING]

    [second] = hand_over(code_of(now=LATER), [unconfirmed], papers_seen={unconfirmed.pk})
    assert second.reason is None
    assert second.pickup.papers_seen == "annual_tax"
    assert second.pickup.papers_seen_in_words == "軽自動車税種別割の納付がわかる書面"
