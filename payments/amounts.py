"""Whom a payment number pays, and what an application owes. All amounts in yen."""

from django.db.models import Sum

from payments.labels import Payee
from payments.models import NumberKind

# まとめ納付情報確認 names both receivers of the fees, with a dot between them.
_DOT = "・"
_PAYEES = {
    NumberKind.FEES: (
        (Payee.ASSOCIATION, Payee.AGENCY),
        (Payee.ASSOCIATION_KANA, Payee.AGENCY_KANA),
    ),
    NumberKind.WEIGHT_TAX: ((Payee.TREASURY,), (Payee.TREASURY_KANA,)),
    NumberKind.VEHICLE_TAX: ((Payee.PREFECTURE,), (Payee.PREFECTURE_KANA,)),
}


def payee(kind):
    """(収納機関名(漢字), 収納機関名(カナ)) of a number of this kind."""
    names, kana = _PAYEES[NumberKind(kind)]
    return _DOT.join(map(str, names)), _DOT.join(kana)


def owed(application):
    """What ``application`` has to pay now: what was charged and not paid."""
    return application.charges.unpaid().aggregate(total=Sum("amount"))["total"] or 0
