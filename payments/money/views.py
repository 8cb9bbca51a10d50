"""What the bank's machines call: notices, failed debits, inquiries. Signed, POST, small.

A message that is not the bank's own is answered with 403, a malformed one with 400. Whatever else
comes is kept and answered with 200, however odd: the bank has done its part then.
"""

import logging
from dataclasses import replace
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from koss.ground import clock
from payments import banks
from payments.direct import debits
from payments.models import DebitOrder, NumberKind, PaymentInformation, PaymentState
from payments.money import settlements
from payments.numbers import amounts

logger = logging.getLogger(__name__)

_MOST_BYTES = 16 * 1024
# Why a number cannot be paid any more, in the words of the agreement with the bank.
_WHY_NOT = {PaymentState.PAID: "paid", PaymentState.WITHDRAWN: "withdrawn"}


def _from_the_bank(read):
    """The view gets what ``read`` (name of one of the adapter's readers) makes of the request."""

    def decorate(view):
        @csrf_exempt
        @require_POST
        @wraps(view)
        def machine_view(request):
            try:
                message = _read(request, read)
            except banks.BadMessage as error:
                logger.warning("a message of the bank was refused: %s", error)
                return JsonResponse({"error": str(error)}, status=error.status)
            return JsonResponse(view(message))

        return machine_view

    return decorate


def _read(request, read):
    body = _body(request)
    reader = getattr(banks.current(), read)
    return reader(request.headers, body, request.path, now=clock.system_now())


def _body(request):
    """At most 16 kB, and not read at all where it says that it is longer."""
    try:
        if int(request.headers.get("Content-Length") or 0) > _MOST_BYTES:
            raise banks.BadMessage(400, "too long")
        body = request.body
    except (RequestDataTooBig, ValueError) as error:
        raise banks.BadMessage(400, "too long") from error
    if len(body) > _MOST_BYTES:
        raise banks.BadMessage(400, "too long")
    return body


@_from_the_bank("read_notice")
def notices(message):
    """Money came in."""
    told = replace(message, settled_at=clock.of_machine(message.settled_at))
    settlements.receive(told, now=clock.now())
    return {"kept": True}


@_from_the_bank("read_debit_failure")
def failed_debits(failure):
    """An ordered debit took no money."""
    order = (
        DebitOrder.objects.select_related("information")
        .filter(information__reference=failure.reference)
        .first()
    )
    if order:
        debits.fail(order, failure.reason, now=clock.now())
    else:
        logger.warning("the bank failed a debit that nobody ordered")
    return {"kept": True}


@_from_the_bank("read_inquiry")
def inquiries(typed):
    """What is to be paid under the numbers that somebody typed at a cash machine."""
    # Rows that wait for the agency's answer have no numbers yet: nobody finds them by none.
    information = (
        PaymentInformation.objects.exclude(payment_number="")
        .filter(
            agency_number=typed.agency_number,
            payment_number=typed.payment_number,
            confirmation_number=typed.confirmation_number,
        )
        .first()
    )
    if information is None:
        return {"found": False}
    why_not = _why_not(information, clock.today())
    payee, payee_kana = amounts.payee(information.kind)
    return {
        "found": True,
        "payable": not why_not,
        "reason": why_not,
        "amount": information.amount,
        "kind": str(NumberKind(information.kind).label),
        "payee": payee,
        "payee_kana": payee_kana,
        "due_on": information.due_on.isoformat(),
    }


def _why_not(information, today):
    if information.state == PaymentState.UNPAID:
        return "expired" if information.due_on < today else ""
    return _WHY_NOT.get(information.state, "expired")
