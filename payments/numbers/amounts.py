"""Whom a payment number pays, and what an application owes. All amounts in yen."""

from django.db.models import Sum

from applications.models import ChargeKind
from koss.ground.joining import dotted
from payments.labels import Division, Payee
from payments.models import NumberKind

# Who is paid for what: (name, name in half-width kana, division), manuals' table 納付情報.
PAYEES = {
    ChargeKind.INSPECTION_FEE: (Payee.ASSOCIATION, Payee.ASSOCIATION_KANA, Division.GENERAL),
    ChargeKind.TECHNICAL_FEE: (Payee.AGENCY, Payee.AGENCY_KANA, Division.GENERAL),
    ChargeKind.WEIGHT_TAX: (Payee.TREASURY, Payee.TREASURY_KANA, Division.NATIONAL),
    ChargeKind.VEHICLE_TAX: (Payee.PREFECTURE, Payee.PREFECTURE_KANA, Division.LOCAL),
}
# まとめ納付情報確認 names both receivers of the fees, with a dot between them.
_DOT = "・"


def payee(kind):
    """(収納機関名(漢字), 収納機関名(カナ)) of a number of this kind."""
    paid = [PAYEES[each] for each in PAYEES if each in NumberKind(kind).charge_kinds]
    kana = _DOT.join(kana for _name, kana, _division in paid)
    return dotted(name for name, _kana, _division in paid), kana


def owed(application):
    """What ``application`` has to pay now: what was charged and not paid."""
    return application.charges.unpaid().aggregate(total=Sum("amount"))["total"] or 0
