"""Paying in the demo world and in tests: by the true rules, with an agency that answers at once."""

import secrets
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from applications.models import HistoryEntry, PaymentMethod
from koss.access import passwords
from koss.ground import clock
from payments.banks import SettlementMessage
from payments.batches import withdrawing
from payments.direct import debits
from payments.models import (
    AccountKind,
    AccountState,
    DirectAccount,
    NumberKind,
    PaymentInformation,
    PaymentState,
    PaymentUser,
)
from payments.money import settlements
from payments.numbers import taking
from payments.payer import users

# The payment user of the manuals' screens, and two in trouble.
PAYER, EXPIRED, LOCKED = "KNAB1234", "KNCA6288", "KNLK0001"
BULK_ID = "KIAB1234"
PASSWORD = "Demo-pass-2024"
# The accounts of ``PAYER``: those of the first customer of the sandbox bank.
ACCOUNTS = {AccountKind.NATIONAL: "KKAA0001", AccountKind.LOCAL: "KKAA0002"}
_BANK = {
    "bank": "0101",
    "bank_name": "東京三葉銀行",
    "branch": "002",
    "branch_name": "中央支店",
    "account_type": "ordinary",
    "account_number": "1000001",
    "holder_kana": "ケイジギヨウセイシヨシジムシヨ",
}
_MANUAL = {
    "name_kana": "ケイジ タロウ",
    "name": "軽自 太郎",
    "admin_email": "tsukiji@kyoubashi-car.example",
    "status_email": "tsukiji@kyoubashi-car.example",
}


@cache
def encoded(password):
    """Hashed once for the whole world: a hash takes longer than the rest of an application."""
    return make_password(password)


def make(now):
    """The payment users of the demo world, with the accounts of the first."""
    payment_user(now=now, bulk_id=BULK_ID, bulk_password=encoded(PASSWORD))
    long_ago = now - timedelta(days=61)
    payment_user(EXPIRED, now=long_ago)
    payment_user(LOCKED, now=now)
    passwords.set_failures(users.LOCK_KIND, LOCKED, settings.KOSS_LOCK_AFTER, now=now)
    for kind in AccountKind:
        account(kind, now=now)


def shown():
    """(ID, what it shows) of every payment user of the demo world."""
    return [
        (
            PAYER,
            _("手引の画面と同じ利用者（一括利用者ID %(bulk)s、口座ID %(account)s）")
            % {
                "bulk": BULK_ID,
                "account": ACCOUNTS[AccountKind.NATIONAL],
            },
        ),
        (EXPIRED, _("パスワードの有効期限が切れている利用者")),
        (LOCKED, _("パスワードがロックされた利用者")),
    ]


def payment_user(user_id=PAYER, *, now=None, **fields):
    """The payment user of this ID, made when there is none yet."""
    user, _made = PaymentUser.objects.get_or_create(
        user_id=user_id, defaults=_beginning(now or clock.now()) | fields
    )
    return user


def begin_anew(user_id, *, now):
    """The payment user of this ID as on its first day, made when there is none yet.

    Where it was signed in, it is so no longer.
    """
    user = payment_user(user_id, now=now)
    anew = PaymentUser(user_id=user_id, version=user.version + 1, **_beginning(now))
    anew.pk = user.pk
    anew.save(force_update=True)
    return anew


def _beginning(now):
    return {
        **_MANUAL,
        "password": encoded(PASSWORD),
        "password_set_at": now,
        "issued_at": now,
        "updated_at": now,
    }


def account(kind, *, user_id=PAYER, account_id="", now):
    """A confirmed account of the payment user; ``account_id``: by default that of ``PAYER``."""
    user = payment_user(user_id, now=now)
    found, _made = DirectAccount.objects.get_or_create(
        user=user,
        kind=kind,
        defaults={
            "account_id": account_id or ACCOUNTS[kind],
            "state": AccountState.ACTIVE,
            "made_at": now,
            "decided_at": now,
            **_BANK,
        },
    )
    return found


def ask_for_number(applications, *, now):
    """One payment number for ``applications`` of one kind, which the agency has yet to give."""
    first = applications[0]
    keys = [application.pk for application in applications]
    if first.payment_method == PaymentMethod.INDIVIDUAL:
        information = taking.take_individually(first, now=now)
    elif first.payment_method == PaymentMethod.BATCH:
        [information] = taking.take(payment_user(first.payer, now=now), keys, now=now)
    else:
        owed = NumberKind.of(first.status)
        pays = next(kind for kind in AccountKind if owed in debits.kinds_of(kind))
        user = payment_user(first.payer, now=now)
        [order] = debits.order(
            user, keys, account(pays, user_id=user.user_id, now=now), at_once=False, now=now
        )
        information = order.information
    return information


def take_number(applications, *, now):
    """One payment number for ``applications`` of one kind, with the agency's answer in it."""
    information = ask_for_number(applications, now=now)
    information.agency_number = "00100"
    information.payment_number = f"3000{secrets.randbelow(10**16):016d}"
    information.confirmation_number = f"{secrets.randbelow(10**6):06d}"
    information.numbered_at = now
    information.save()
    return information


def pay(application, *, now):
    """What ``application`` owes is paid; returns the history entry of its move."""
    settle(take_number([application], now=now - timedelta(hours=2)), now)
    entries = HistoryEntry.objects.select_related("application")
    return entries.filter(application=application).latest("version")


def pay_late(application, *, now):
    """Money comes for the number of ``application`` although its batch was withdrawn."""
    settle(_live(application).get(), now)


def _live(application):
    return PaymentInformation.objects.filter(
        lines__charge__application=application, lines__released_at=None
    ).distinct()


def settle(information, now):
    """The bank tells that ``information`` was paid as it should be."""
    direct = information.method == PaymentMethod.DIRECT
    message = SettlementMessage(
        settlement_id=f"D{secrets.token_hex(8)}",
        agency_number=information.agency_number,
        payment_number=information.payment_number,
        amount=information.amount,
        settled_at=now,
        way="direct" if direct else "link",
        bank=_BANK["bank"],
        reference=information.reference if direct else "",
    )
    settlements.receive(message, now=now)


def withdraw(application, *, now):
    """The batch of this application alone is withdrawn; it is numbered first where it is not."""
    information = _live(application).filter(state=PaymentState.UNPAID).first()
    information = information or take_number([application], now=now)
    withdrawing.withdraw(information, user=information.user, now=now)
