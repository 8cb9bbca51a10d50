"""The press of 納付, the consent, and the form that leads to the bank."""

import json
from datetime import timedelta

import pytest
from django.utils import translation

from koss.ground import clock
from payments.models import PaymentInformation, PaymentState
from payments.numbers import numbering, taking
from payments.paying import visits

pytestmark = [pytest.mark.databases, pytest.mark.django_db, pytest.mark.usefixtures("bank")]

NOW = clock.now()
RETURN = "https://portal.example/payment/x/return/"


@pytest.fixture
def owes(an_application):
    """The numbered row of an application that pays for itself, as ``an_application`` takes it."""

    def make(status="検査手数料等納付待ち", **fields):
        information = taking.take_individually(an_application(status, **fields), now=NOW)
        return numbering.fetch(information, now=NOW)

    return make


def links(information, **changes):
    asked = {"bank": "0101", "return_url": RETURN, "now": NOW, "sent_at": NOW}
    return visits.link(information, **(asked | changes))


def ended(information, state, **facts):
    PaymentInformation.objects.filter(pk=information.pk).update(state=state, **facts)
    return information


def test_the_bank_is_told_in_japanese_whatever_the_payer_reads(owes):
    with translation.override("en"):
        link = links(owes())

    said = json.loads(link.fields["token"])
    assert said["payee"] == "軽自動車検査協会・自動車技術総合機構"
    assert said["kind"] == "検査手数料・技術情報管理手数料"


def test_a_press_is_counted_and_remembered(owes):
    information = owes()

    visits.press(information, now=NOW)
    later = visits.press(information, now=NOW + timedelta(minutes=5))

    assert (later.presses, later.pressed_at) == (2, NOW + timedelta(minutes=5))
    assert later.state == PaymentState.UNPAID


@pytest.mark.parametrize(
    ("state", "facts", "why"),
    [
        (PaymentState.PAID, {}, visits.WhyNot.PAID),
        (PaymentState.WITHDRAWN, {"withdrawal_accepted_at": NOW}, visits.WhyNot.WITHDRAWN),
        (PaymentState.EXPIRED, {"ended_at": NOW}, visits.WhyNot.PAST_DUE),
        (PaymentState.REFUSED, {"ended_at": NOW}, visits.WhyNot.REFUSED),
        (PaymentState.CANCELLED, {"ended_at": NOW}, visits.WhyNot.CANCELLED),
    ],
)
@pytest.mark.parametrize("act", [visits.press, visits.agree, links])
def test_what_has_ended_is_not_open(owes, state, facts, why, act):
    information = ended(owes(), state, **facts)

    with pytest.raises(visits.NumberNotPayable) as refusal:
        act(information, now=NOW)

    assert (refusal.value.why, refusal.value.information.state) == (why, state)
    information.refresh_from_db()
    assert (information.presses, information.consented_at) == (0, None)


def test_a_number_is_good_until_its_day_is_over(owes):
    information = owes()
    day_after = information.due_on + timedelta(days=1)

    visits.press(information, now=clock.at(information.due_on, hour=23, minute=59, second=59))
    with pytest.raises(visits.NumberNotPayable) as refusal:
        visits.press(information, now=clock.at(day_after))

    assert refusal.value.why == visits.WhyNot.PAST_DUE
    assert refusal.value.information.presses == 1


@pytest.mark.parametrize(("confirmed", "consents"), [(False, True), (True, False), (None, False)])
def test_going_on_is_consent_where_the_annual_tax_is_not_confirmed(owes, confirmed, consents):
    information = owes(annual_tax_confirmed=confirmed)
    assert visits.must_agree(information) is consents

    agreed = visits.agree(information, now=NOW)
    again = visits.agree(information, now=NOW + timedelta(hours=1))

    assert (agreed.consented_at == NOW) is consents
    assert again.consented_at == agreed.consented_at
    assert not visits.must_agree(again)


def test_a_press_alone_is_no_consent(owes):
    information = owes(annual_tax_confirmed=False)

    assert visits.press(information, now=NOW).consented_at is None


@pytest.mark.parametrize(
    ("status", "kind", "payee", "kana"),
    [
        (
            "検査手数料等納付待ち",
            "検査手数料・技術情報管理手数料",
            "軽自動車検査協会・自動車技術総合機構",
            "ｹｲｼﾞﾄﾞｳｼﾔｹﾝｻｷﾖｳｶｲ・ｼﾞﾄﾞｳｼﾔｷﾞｼﾞﾕﾂｿｳｺﾞｳｷｺｳ",
        ),
        ("自動車重量税納付待ち", "自動車重量税", "財務省", "ｻﾞｲﾑｼﾖｳ"),
        ("軽自動車税納付待ち", "軽自動車税環境性能割", "都道府県", "ﾄﾄﾞｳﾌｹﾝ"),
    ],
)
def test_the_link_carries_what_our_own_row_says(owes, status, kind, payee, kana):
    information = owes(status)
    stale = PaymentInformation.objects.get(pk=information.pk)
    stale.amount, stale.payment_number = 1, "1" * 20

    link = links(stale)

    assert json.loads(link.fields["token"]) == {
        "bank": "0101",
        "agency_number": information.agency_number,
        "payment_number": information.payment_number,
        "confirmation_number": information.confirmation_number,
        "amount": information.amount,
        "kind": kind,
        "payee": payee,
        "payee_kana": kana,
        "due_on": str(information.due_on),
        "return_url": RETURN,
        "now": str(NOW),
    }
