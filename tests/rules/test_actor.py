"""Staff of the demo who act as a 車台番号 asks for, while others pay and correct."""

import pytest

from applications.life import correctable, moves
from applications.models import AttachmentState, Particulars
from applications.status import Actor, MoveName
from koss.demo import actor
from koss.ground import clock
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
            corrects(application)
        elif not acted:
            break
    application.refresh_from_db()
    return list(application.history.order_by("version").values_list("move", flat=True))[1:]


def corrects(application):
    """Send back what stood there."""
    order = application.notices.open_corrections().get()
    moves.perform(
        MoveName.SEND_CORRECTION,
        application,
        actor=Actor.APPLICANT,
        now=clock.now(),
        inputs=moves.Inputs(
            changes={name: correctable.value_of(application, name) for name in order.fields}
        ),
    )


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


@pytest.mark.parametrize(
    ("typed", "fields", "attachments", "times"),
    [
        ("TX121-", ["chassis_number"], [], 1),
        ("TX122-", ["postal_code", "address"], [], 1),
        ("TX123-", [], ["liability_insurance"], 1),
        ("TX124-", "all", ["liability_insurance", "safety_certificate"], 1),
        ("TX125-", ["user_name"], [], 2),
    ],
)
def test_each_order_opens_what_the_value_says(sent, typed, fields, attachments, times):
    application = with_particulars(sent(typed, "継続検査"))
    ordered = []
    for _round in range(8):
        actor.act(now=clock.now())
        application.refresh_from_db()
        if application.status == "fees_due":
            payers.pay(application, now=clock.now())
        elif application.status == "awaiting_correction":
            order = application.notices.open_corrections().get()
            ordered.append((order.fields, order.attachments))
            if attachments:  # handed in on the portal's pages
                break
            corrects(application)
    wanted = correctable.open_names(application) if fields == "all" else set(fields)
    assert [(set(names), kinds) for names, kinds in ordered] == [(wanted, attachments)] * times
    assert len(wanted) > 5 or fields != "all"
    assert application.status == ("awaiting_correction" if attachments else "weight_tax_due")


def with_particulars(application):
    Particulars.objects.create(
        application=application,
        applicant_kind="agent",
        vehicle_use="private",
        postal_code="1400002",
        address="東京都品川区東品川1-1-1",
    )
    return application


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
