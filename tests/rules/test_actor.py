"""Staff of the demo who act as the beginning of a 車台番号 asks for: each value by itself."""

import pytest

from applications.life import moves
from applications.models import AttachmentState
from applications.status import Actor, MoveName
from koss.demo import actor
from koss.ground import clock, text
from koss.management.commands import reconcile
from payments.demo import payers

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
PASSED_TAX = ["accept", "settle", "pass_review", "settle", "pass_tax"]


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


@pytest.fixture
def sent(an_application):
    def make(prefix, procedure):
        application = an_application(
            "検査申請受付中", procedure, chassis_number=f"{prefix}0000012", days_ago=3
        )
        application.attachments.filter(state=AttachmentState.MISSING).update(
            state=AttachmentState.OBTAINED
        )
        return application

    return make


def goes_on(application, rounds=9):
    """Staff act, the applicant corrects and pays; returns the names of the moves."""
    for _round in range(rounds):
        acted = actor.act(now=clock.now())
        application.refresh_from_db()
        if application.status in ("fees_due", "weight_tax_due", "vehicle_tax_due"):
            payers.pay(application, now=clock.now())
        elif application.status in ("awaiting_correction", "awaiting_tax_correction"):
            changes = {"user_name": application.user_name}
            moves.perform(
                MoveName.SEND_CORRECTION,
                application,
                actor=Actor.APPLICANT,
                now=clock.now(),
                inputs=moves.Inputs(changes=changes),
            )
        elif not acted:
            break
    application.refresh_from_db()
    return list(application.history.order_by("version").values_list("move", flat=True))[1:]


CORRECTED = ["order_correction", "send_correction"]


@pytest.mark.parametrize(
    ("prefix", "procedure", "made", "status"),
    [
        ("TX100-", "継続検査", ["accept", "settle"], "in_review"),
        ("TX110-", "継続検査", ["invalidate"], "invalid"),
        (
            "TX120-",
            "継続検査",
            ["accept", "settle", *CORRECTED, "pass_review", "settle"],
            "ready_to_return",
        ),
        ("TX130-", "新車", ["accept", "settle", "reject"], "rejected"),
        ("TX140-", "新車", PASSED_TAX, "ready_to_issue"),
        ("TX150-", "新車", [*PASSED_TAX[:4], *CORRECTED, "pass_tax"], "ready_to_issue"),
        ("TX160-", "新車", [*PASSED_TAX, "hand_over"], "issued"),
        (
            "TX160-",
            "継続検査",
            ["accept", "settle", "pass_review", "settle", "hand_over"],
            "returned",
        ),
    ],
)
def test_each_value(sent, prefix, procedure, made, status):
    application = sent(prefix, procedure)
    assert goes_on(application) == made
    assert application.status == status


def test_every_value_is_tried_and_can_be_typed():
    [mark] = [each for each in test_each_value.pytestmark if each.name == "parametrize"]
    assert {each[0] for each in mark.args[1]} == {each.prefix for each in actor.PLAYED}
    for each in actor.PLAYED:
        assert text.read_chassis_number(f"{each.prefix}0000012") == f"{each.prefix}0000012"


def test_a_withdrawal_is_confirmed(an_application):
    application = an_application("検査申請取り下げ中", chassis_number="TX120-0000012")
    assert goes_on(application)[-1] == "confirm_withdrawal"


def test_the_reviewer_waits_for_papers(an_application):
    application = an_application("検査申請審査中", chassis_number="TX140-0000012")
    application.attachments.update(state=AttachmentState.MISSING)
    assert actor.act(now=clock.now()) == 0


def test_nobody_acts_on_another_number_or_outside_the_demo(sent, an_application, settings):
    an_application("検査申請受付中", chassis_number="TX999-0000012")
    assert actor.act(now=clock.now()) == 0
    sent("TX100-", "継続検査")
    settings.DEMO = False
    assert actor.act(now=clock.now()) == 0


def test_a_round_of_reconciliation_lets_them_act(sent, bank):
    application = sent("TX100-", "継続検査")
    reconcile.Command().handle(every=None)
    application.refresh_from_db()
    assert application.status == "fees_due"
