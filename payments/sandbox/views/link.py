"""情報リンク方式: the payer comes from the portal with everything filled in and signed."""

import re
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from payments.sandbox import clock, problems, signing
from payments.sandbox.banks import BANKS
from payments.sandbox.models import Visit
from payments.sandbox.views import visit

_DIGITS = {"agency_number": 5, "payment_number": 20, "confirmation_number": 6}
_TEXTS = {"kind": 60, "payee": 60, "payee_kana": 60}
_MOST_YEN = 2**31 - 1
_TITLE = "納付を開始できません"


# The portal cannot know this bank's CSRF token; its signature stands in for one.
@csrf_exempt
def arrive(request):
    """Read the token, use it up, and lead on to the visit."""
    if request.method != "POST":
        return problems.page(request, 405, _TITLE, "ポータルの納付の画面からお進みください。")
    bank = request.POST.get("bank", "")
    try:
        content = signing.read_token(request.POST.get("token", ""))
        facts = _facts(content)
    except (signing.BadSignature, ValueError):
        return problems.page(
            request, 400, _TITLE, "納付の情報が正しくありません。ポータルからやり直してください。"
        )
    now, back = clock.now(), facts["return_url"]
    if bank not in BANKS:
        words = "選択された金融機関はお取り扱いしていません。"
        return problems.page(request, 400, _TITLE, words, back=back)
    if facts["expires_at"] <= now:
        words = "納付の情報の有効期限が切れています。ポータルからやり直してください。"
        return problems.page(request, 410, _TITLE, words, back=back)
    try:
        with transaction.atomic():
            opened = Visit.objects.create(way="link", bank=bank, opened_at=now, **facts)
    except IntegrityError:
        words = "この納付の情報はすでに使われています。ポータルからやり直してください。"
        return problems.page(request, 409, _TITLE, words, back=back)
    visit.hand_over(request, opened)
    return redirect("visit", key=opened.key)


def _facts(content):
    """The fields of a Visit, or ValueError."""
    facts = {name: _text(content, name, most) for name, most in _TEXTS.items()}
    for name, length in _DIGITS.items():
        facts[name] = _text(content, name, length)
        if not re.fullmatch(f"[0-9]{{{length}}}", facts[name]):
            raise ValueError(name)
    facts["jti"] = _text(content, "jti", 64)
    facts["amount"] = content.get("amount")
    if type(facts["amount"]) is not int or not 0 < facts["amount"] <= _MOST_YEN:
        raise ValueError("amount")
    facts["due_on"] = date.fromisoformat(_text(content, "due_on", 10))
    facts["expires_at"] = datetime.fromisoformat(_text(content, "expires_at", 40))
    if facts["expires_at"].tzinfo is None or facts["expires_at"].year > 9000:
        raise ValueError("expires_at")
    facts["return_url"] = _text(content, "return_url", 400)
    if not facts["jti"] or not re.match(r"https?://", facts["return_url"]):
        raise ValueError("return_url")
    return facts


def _text(content, name, most):
    found = content.get(name)
    if not isinstance(found, str) or len(found) > most or "\x00" in found:
        raise ValueError(name)
    found.encode()  # a lone surrogate is a ValueError too
    return found
