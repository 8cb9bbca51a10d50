"""Whom a number pays, what is owed, and whose consent paying is."""

import pytest

from koss.ground import clock
from payments.demo import payers
from payments.models import NumberKind, PaymentInformation
from payments.numbers import amounts, consent, taking

pytestmark = pytest.mark.databases


def test_the_payees_are_those_of_the_manual():
    names, kana = amounts.payee(NumberKind.FEES)
    assert names == "軽自動車検査協会・自動車技術総合機構"
    assert kana == "ｹｲｼﾞﾄﾞｳｼﾔｹﾝｻｷﾖｳｶｲ・ｼﾞﾄﾞｳｼﾔｷﾞｼﾞﾕﾂｿｳｺﾞｳｷｺｳ"
    assert amounts.payee("weight_tax") == ("財務省", "ｻﾞｲﾑｼﾖｳ")
    assert amounts.payee("vehicle_tax") == ("都道府県", "ﾄﾄﾞｳﾌｹﾝ")


@pytest.mark.django_db
def test_owed_is_what_was_charged_and_not_paid(an_application):
    waiting = an_application("自動車重量税まとめ払い中")
    [tax] = waiting.charges.filter(kind="weight_tax")

    assert amounts.owed(waiting) == tax.amount > 0
    assert amounts.owed(an_application("返付準備完了")) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("confirmed", "needed"), [(True, False), (None, False), (False, True)])
def test_consent_is_needed_where_the_annual_tax_is_not_confirmed(an_application, confirmed, needed):
    rows = [
        an_application("検査手数料等まとめ払い中", annual_tax_confirmed=each)
        for each in (True, confirmed)
    ]
    user = payers.payment_user()
    [batch] = taking.take(user, [row.pk for row in rows], now=clock.now())

    assert consent.needed(batch) is needed
    batch.lines.update(released_at=clock.now())
    assert consent.needed(batch) is False


@pytest.mark.django_db
def test_the_first_consent_is_kept(an_application):
    row, now = an_application("検査手数料等まとめ払い中"), clock.now()
    [batch] = taking.take(payers.payment_user(), [row.pk], now=now)

    consent.record(batch, now)
    consent.record(PaymentInformation.objects.get(pk=batch.pk), clock.now())

    assert PaymentInformation.objects.get(pk=batch.pk).consented_at == now
