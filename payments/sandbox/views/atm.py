"""オンライン方式: the three numbers are typed at a cash machine."""

import re
import uuid
from datetime import date, timedelta

from django.shortcuts import redirect, render

from payments.sandbox import clock, portal
from payments.sandbox.forms import AtmForm
from payments.sandbox.models import Visit, WrongTries
from payments.sandbox.views import visit

_LASTS = timedelta(minutes=30)
_WRONG = "入力された番号では、納付の情報が見つかりません。番号をお確かめください。"
_STOPPED = "番号の誤りが続いたため、本日のお取り扱いを停止しました。明日以降にお試しください。"
_NO_ANSWER = "収納機関に照会できませんでした。時間をおいて、もう一度お試しください。"
_NOT_PAYABLE = {
    "paid": "この納付番号は、すでに納付されています。",
    "withdrawn": "この納付番号は取り下げられたため、納付できません。",
    "expired": "納付期限を過ぎたため、納付できません。",
}
_CANNOT = "この納付番号は、ただいま納付できません。"


def atm(request):
    """Ask the portal what is to be paid under these numbers."""
    form = AtmForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, form)
    now, typed = clock.now(), form.cleaned_data
    today = now.date()
    counted = [f"browser:{_browser(request)}", f"number:{typed['payment_number']}"]
    if not all(WrongTries.take(who, today) for who in counted):
        form.add_error(None, _STOPPED)
        return _shown(request, form, status=429)
    try:
        found = portal.inquire(**typed, now=now)
    except portal.NoAnswer:
        found = None
    if found is None or found["found"]:
        for who in counted:
            WrongTries.give_back(who, today)
    if found is None:
        form.add_error(None, _NO_ANSWER)
        return _shown(request, form, status=503)
    if not found["found"]:
        form.add_error(None, _WRONG)
        return _shown(request, form)
    if found.get("payable") is not True:
        form.add_error(None, _NOT_PAYABLE.get(str(found.get("reason")), _CANNOT))
        return _shown(request, form, status=409)
    try:
        facts = _facts(found)
    except (KeyError, TypeError, ValueError):
        form.add_error(None, _NO_ANSWER)
        return _shown(request, form, status=503)
    opened = Visit.objects.create(
        way="atm", jti=uuid.uuid4().hex, opened_at=now, expires_at=now + _LASTS, **typed, **facts
    )
    visit.hand_over(request, opened)
    return redirect("visit", key=opened.key)


def _facts(found):
    if type(found["amount"]) is not int or not 0 < found["amount"] < 2**31:
        raise ValueError("amount")
    return {
        "amount": found["amount"],
        "due_on": date.fromisoformat(found["due_on"]),
        **{name: _plain(found[name]) for name in ("kind", "payee", "payee_kana")},
    }


def _plain(text):
    if not isinstance(text, str):
        raise ValueError("text")
    return re.sub(r"[\x00\ud800-\udfff]", "", text)[:60]


def _browser(request):
    return request.session.setdefault("browser", uuid.uuid4().hex)


def _shown(request, form, *, status=200):
    return render(request, "bank/atm.html", {"form": form}, status=status)
