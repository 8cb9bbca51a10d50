"""Paying under a number: the press of 納付, the consent it may mean, and the way to the bank.

Nothing here takes money and nothing marks anything as paid: that is for the bank's notice
(``payments.money.settlements``). Amounts in yen.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from koss.ground import clock
from payments import banks
from payments.models import NumberKind, PaymentInformation, PaymentState
from payments.numbers import amounts, consent, releasing


class WhyNot(models.TextChoices):
    """Why nothing can be paid under a number (any more)."""

    PAID = "paid", _("納付は済んでいます。")
    WITHDRAWN = "withdrawn", _("取り下げを受け付けています。")
    PAST_DUE = "past_due", _("納付期限を過ぎています。")
    REFUSED = "refused", _("納付番号を取得できませんでした。")
    CANCELLED = "cancelled", _("この納付番号は取り消されています。")


class NumberNotPayable(Exception):
    """Nothing can be paid under this number. ``information`` is the row as it stands."""

    def __init__(self, information, why):
        super().__init__(f"{information.reference}: {why}")
        self.information = information
        self.why = why


_ENDED = {
    PaymentState.PAID: WhyNot.PAID,
    PaymentState.WITHDRAWN: WhyNot.WITHDRAWN,
    PaymentState.EXPIRED: WhyNot.PAST_DUE,
    PaymentState.REFUSED: WhyNot.REFUSED,
    PaymentState.CANCELLED: WhyNot.CANCELLED,
}


def why_not(information, *, now):
    """The reason why nothing can be paid under ``information`` at ``now``, or None."""
    if information.state != PaymentState.UNPAID:
        return _ENDED[PaymentState(information.state)]
    return WhyNot.PAST_DUE if information.due_on < clock.day(now) else None


@transaction.atomic
def press(information, *, now):
    """納付 was pressed: counted and remembered, so that a withdrawal can warn. Returns the row.

    Raises NumberNotPayable when it is paid, withdrawn, past due or ended otherwise.
    """
    locked = _open(information, now)
    PaymentInformation.objects.filter(pk=locked.pk).update(presses=F("presses") + 1, pressed_at=now)
    locked.refresh_from_db(fields=["presses", "pressed_at"])
    return locked


@transaction.atomic
def agree(information, *, now):
    """The payer goes on after reading what paying is consent to; returns the row.

    Where 軽自動車税種別割 is not confirmed the consent is recorded, the first time only. Raises
    NumberNotPayable as ``press`` does.
    """
    locked = _open(information, now)
    if locked.consented_at is None and consent.needed(locked):
        consent.record(locked, now)
    return locked


def must_agree(information):
    """Whether paying is consent, and nobody has gone on past the sentence that says so."""
    return information.consented_at is None and consent.needed(information)


def link(information, *, bank, return_url, now, sent_at):
    """The form that leads to the bank's site, everything in it from our own row.

    ``sent_at``: the machine's own moment, from which the bank counts how long the form is good.
    Raises NumberNotPayable as ``press`` does; the numbers must be there.
    """
    information = PaymentInformation.objects.get(pk=information.pk)
    if why := why_not(information, now=now):
        raise NumberNotPayable(information, why)
    kind = NumberKind(information.kind)
    # The bank reads Japanese, in whatever language the payer does.
    with translation.override(settings.LANGUAGE_CODE):
        kind_in_words = str(kind.label)
        payee, payee_kana = amounts.payee(kind)
    return banks.current().link(
        bank=bank,
        agency_number=information.agency_number,
        payment_number=information.payment_number,
        confirmation_number=information.confirmation_number,
        amount=information.amount,
        kind=kind_in_words,
        payee=payee,
        payee_kana=payee_kana,
        due_on=information.due_on,
        return_url=return_url,
        now=sent_at,
    )


def _open(information, now):
    locked = releasing.lock(information)
    if why := why_not(locked, now=now):
        raise NumberNotPayable(locked, why)
    return locked
