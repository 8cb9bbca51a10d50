"""Accounts for ダイレクト納付: applied for on マイページ, used once the bank has confirmed them."""

import logging
import unicodedata

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from koss.ground import clock
from koss.ground.joining import listed
from koss.ground.text import Unreadable, sign_name
from payments import banks
from payments.models import AccountKind, AccountState, DirectAccount, EventKind, PaymentUser
from payments.payer import events, users

logger = logging.getLogger(__name__)

_DRAWS = 20
# What a bank has in a name, beside kana. Banks know no small kana.
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_ALLOWED = frozenset(
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンヴ"
    "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポー"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ().-/"
)
# Where a voiced mark is a letter of its own, as in the bank's half-width writing.
LONGEST_HOLDER = 48

_REFUSALS = {
    "unknown_account": _(
        "金融機関に、この口座がありません。店番号、預金種目、口座番号を確かめてください。"
    ),
    "account_closed": _("この口座は解約されています。"),
    "holder_differs": _("口座名義が、金融機関に登録されているものと異なります。"),
}


def read_holder(typed):
    """口座名義 as banks know it: kana without small ones, capitals, digits. Raises Unreadable.

    Half-width kana is the same name, and so is one with small kana.
    """
    folded = unicodedata.normalize("NFKC", typed).upper().translate(_LARGE)
    plain = " ".join(folded.split())
    if strange := "".join(dict.fromkeys(sign for sign in plain if sign not in _ALLOWED)):
        raise Unreadable(
            _("%(label)sに使用できない文字が入っています：%(signs)s"),
            signs=listed(map(sign_name, strange)),
        )
    return plain


def length_of_holder(holder):
    """How many letters ``holder`` has in half-width kana."""
    return len(unicodedata.normalize("NFD", holder))


def apply_for(
    user, kind, *, bank, branch, account_type, account_number, holder_kana, now, source=""
):
    """An account of ``user`` that the bank is asked to confirm. Returns the DirectAccount.

    One that was applied for before, and not refused, is returned as it stands: pressing twice
    makes one account.
    """
    facts = {
        "kind": AccountKind(kind),
        "bank": bank,
        "branch": branch,
        "account_type": account_type,
        "account_number": account_number,
    }
    with transaction.atomic():
        PaymentUser.objects.select_for_update(no_key=True).get(pk=user.pk)
        mine = DirectAccount.objects.filter(user=user, **facts)
        if known := mine.exclude(state=AccountState.REFUSED).first():
            return known
        account = _made(user=user, holder_kana=holder_kana, made_at=now, **facts)
        events.record(user, EventKind.ACCOUNT_MADE, now=now, source=source)
        confirm_account.enqueue(account.pk)
    return account


@task(queue_name="bank")
def confirm_account(account_id):
    """Ask the bank about an account. Twice does nothing twice; a bank that is away is asked again
    by reconciliation."""
    account = DirectAccount.objects.filter(pk=account_id).first()
    if account is None:  # the demo has begun its seat anew
        return
    try:
        confirm(account, now=clock.now())
    except banks.BankUnreachable:
        logger.info("the bank was not reached for account %s", account.pk)


def confirm(account, *, now):
    """Ask the bank about ``account`` and keep its answer. Raises BankUnreachable.

    Never inside a transaction. An account that is decided stays as it is.
    """
    if account.state != AccountState.WAITING:
        return account
    try:
        names = banks.current().register_account(
            reference=account.reference,
            bank=account.bank,
            branch=account.branch,
            account_type=account.account_type,
            account_number=account.account_number,
            holder_kana=account.holder_kana,
        )
    except banks.BankRefused as refused:
        return decide(account, refusal=refused.reason, now=now)
    return decide(account, names=names, now=now)


@transaction.atomic
def decide(account, *, now, names=("", ""), refusal=""):
    """Write the bank's answer: the names of bank and branch, or why it refused. The first counts.

    Returns the account as it is then.
    """
    locked = DirectAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    if locked.state != AccountState.WAITING:
        return locked
    locked.state = AccountState.REFUSED if refusal else AccountState.ACTIVE
    locked.refusal, locked.decided_at = refusal[:200], now
    locked.bank_name, locked.branch_name = names
    locked.save(update_fields=["state", "refusal", "decided_at", "bank_name", "branch_name"])
    return locked


def refusal_words(reason):
    """Why the bank refused, for the account's owner."""
    return _REFUSALS.get(reason, _("この口座は登録できません。金融機関にお確かめください。"))


def _made(**fields):
    for _draw in range(_DRAWS):
        try:
            with transaction.atomic():
                return DirectAccount.objects.create(account_id=users.new_id("KK"), **fields)
        except IntegrityError:
            continue
    raise RuntimeError("no free ID was found")
