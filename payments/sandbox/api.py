"""What the portal asks: signed JSON in, signed JSON out (docs/bank.md)."""

import json
import re
from datetime import date, datetime
from functools import wraps

from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from payments.sandbox import clock, numbers, outbox, seed, sender, settling, signing
from payments.sandbox.models import (
    Account,
    Debit,
    PaymentNumber,
    RegisteredAccount,
    Settlement,
    Training,
)

_PAGE = 500
_MOST_YEN = 2**31 - 1
_MOST_MINUTES = 24 * 60
_REFERENCE = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_KINDS = {"fees", "weight_tax", "vehicle_tax"}
_FORMS = {
    "reference": _REFERENCE,
    "bank": re.compile(r"[0-9]{4}"),
    "branch": re.compile(r"[0-9]{3}"),
    "account_type": re.compile(r"[a-z]{1,10}"),
    "account_number": re.compile(r"[0-9]{7}"),
    "agency_number": re.compile(r"[0-9]{5}"),
    "payment_number": re.compile(r"[0-9]{20}"),
}


class _No(Exception):
    """The answer is no: HTTP status and the reason in one word."""

    def __init__(self, status, reason):
        super().__init__(reason)
        self.answer = status, {"refused": reason}


def _endpoint(method):
    """Checks the signature, turns JSON into a view's argument, and signs its answer."""

    def decorate(view):
        @csrf_exempt
        @wraps(view)
        def endpoint(request, **named):
            path, now = request.get_full_path(), clock.now()
            try:
                if request.method != method:
                    raise _No(405, "method")
                signing.check(
                    f"portal-to-bank:{method} {path}",
                    request.body,
                    request.headers.get(signing.HEADER),
                    now=now,
                )
                status, content = view(request, _content_of(request), now, **named)
            except signing.BadSignature:
                status, content = 403, {"refused": "signature"}
            except _No as no:
                status, content = no.answer
            body = json.dumps(content, ensure_ascii=False).encode()
            response = HttpResponse(body, status=status, content_type="application/json")
            response[signing.HEADER] = signing.sign(f"answer:{path}", body, now=clock.now())
            return response

        return endpoint

    return decorate


def _content_of(request):
    if request.method != "POST":
        return {}
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise _No(400, "no_json") from error
    if not isinstance(content, dict):
        raise _No(400, "no_object")
    return content


@_endpoint("POST")
def numbers_view(request, content, now):
    """Make numbers under a reference, or give those that it already has."""
    wanted = {
        "kind": content.get("kind"),
        "amount": content.get("amount"),
        "due_on": _date(content, "due_on"),
    }
    reference = _word(content, "reference")
    if not isinstance(wanted["kind"], str) or wanted["kind"] not in _KINDS:
        raise _No(422, "kind")
    _check_yen(wanted["amount"])
    with transaction.atomic():
        made = PaymentNumber.objects.filter(reference=reference).first()
        if made is None:
            made = PaymentNumber.objects.create(
                reference=reference, made_at=now, **wanted, **numbers.make()
            )
    if any(getattr(made, name) != value for name, value in wanted.items()):
        raise _No(409, "reference_in_use")
    return 200, {
        "reference": reference,
        "agency_number": made.agency_number,
        "payment_number": made.payment_number,
        "confirmation_number": made.confirmation_number,
    }


@_endpoint("GET")
def settlements_view(request, content, now):
    """Everything settled since a moment, oldest first, a page at a time."""
    try:
        since = datetime.fromisoformat(request.GET.get("since", ""))
    except ValueError as error:
        raise _No(400, "since") from error
    if since.tzinfo is None or not 2000 <= since.year < 9000:
        raise _No(400, "since")
    found = Settlement.objects.filter(settled_at__gte=since).select_related("account")
    if after := request.GET.get("after", ""):
        last = Settlement.objects.filter(settlement_id=after).first()
        if last is None:
            raise _No(400, "after")
        found = found.filter(pk__gt=last.pk)
    page = list(found.order_by("pk")[: _PAGE + 1])
    return 200, {
        "settlements": [outbox.notice_of(each) for each in page[:_PAGE]],
        "more": len(page) > _PAGE,
    }


@_endpoint("POST")
def accounts_view(request, content, now):
    """Register an account for debits, when it exists and its holder is who was named."""
    reference = _word(content, "reference")
    account = _account(content)
    holder = content.get("holder_kana")
    if not isinstance(holder, str):
        raise _No(400, "holder_kana")
    if account is None or account.account_type != _word(content, "account_type"):
        raise _No(422, "unknown_account")
    if account.closed:
        raise _No(422, "account_closed")
    if not numbers.same_holder(holder, account.holder_kana):
        raise _No(422, "holder_differs")
    registered, _made = RegisteredAccount.objects.get_or_create(
        reference=reference, defaults={"account": account}
    )
    if registered.account_id != account.pk:
        raise _No(409, "reference_in_use")
    return 200, {
        "reference": reference,
        "accepted": True,
        "bank_name": account.bank_name,
        "branch_name": account.branch_name,
    }


@_endpoint("POST")
def debits_view(request, content, now):
    """Accept a debit of a registered account; the sender's thread makes it."""
    account = _account(content)
    reference = _word(content, "reference")
    _check_yen(content.get("amount"))
    wanted = {
        "account_id": account and account.pk,
        "agency_number": _word(content, "agency_number"),
        "payment_number": _word(content, "payment_number"),
        "amount": content["amount"],
    }
    with transaction.atomic():
        debit = Debit.objects.filter(reference=reference).first()
        if debit is None:
            if account is None or not account.registrations.exists():
                raise _No(422, "unknown_account")
            if settling.earlier_settlement(wanted["agency_number"], wanted["payment_number"]):
                raise _No(422, "already_settled")
            debit = Debit.objects.create(reference=reference, accepted_at=now, **wanted)
            sender.wake()
    if any(getattr(debit, name) != value for name, value in wanted.items()):
        raise _No(409, "reference_in_use")
    return 202, {"reference": reference, "accepted": True}


@_endpoint("POST")
def payments_view(request, content, now):
    """A customer with enough money pays; the notice of it alone travels as it is asked to.

    What is paid is what the portal says, as in a link: the bank need not have made the number.
    """
    _check_yen(content.get("amount"))
    notice, minutes = content.get("notice"), content.get("minutes")
    # One that waits for a successor would be held for ever where there is only one.
    if notice not in Training.Mode.values or notice == Training.Mode.REVERSED:
        raise _No(422, "notice")
    if type(minutes) is not int or not 0 < minutes <= _MOST_MINUTES:
        raise _No(422, "minutes")
    payer = Account.objects.filter(closed=False).order_by("-daily_limit", "-balance").first()
    try:
        with transaction.atomic():
            settlement = settling.settle(
                payer.pk,
                agency_number=_word(content, "agency_number"),
                payment_number=_word(content, "payment_number"),
                amount=content["amount"],
                way="link",
                due_on=_date(content, "due_on"),
                training=Training(mode=notice, minutes=minutes),
            )
            sender.wake()
    except settling.NotSettled as why:
        raise _No(409, why.reason) from why
    return 200, {"settlement_id": settlement.settlement_id}


@_endpoint("POST")
def anew_view(request, content, now):
    """The portal's demo begins anew, and the bank with it."""
    with transaction.atomic():
        for model in apps.get_app_config("sandbox").get_models():
            model.objects.all()._raw_delete("default")
        seed.make_customers()
    return 200, {"begun": True}


@_endpoint("GET")
def debit_view(request, content, now, reference):
    """What became of a debit."""
    debit = Debit.objects.filter(reference=reference).select_related("settlement__account").first()
    return 200, {
        "reference": reference,
        "state": debit.state if debit else "unknown",
        "reason": debit.reason if debit else "",
        "settlement": outbox.notice_of(debit.settlement) if debit and debit.settlement else None,
    }


def _account(content):
    place = {name: _word(content, name) for name in ("bank", "branch")}
    return Account.objects.filter(number=_word(content, "account_number"), **place).first()


def _word(content, name):
    found = content.get(name)
    if not isinstance(found, str) or not _FORMS[name].fullmatch(found):
        raise _No(400, name)
    return found


def _date(content, name):
    try:
        return date.fromisoformat(content.get(name))
    except (TypeError, ValueError) as error:
        raise _No(400, name) from error


def _check_yen(amount):
    if type(amount) is not int:
        raise _No(400, "amount")
    if not 0 < amount <= _MOST_YEN:
        raise _No(422, "amount")
