"""One visit: sign in, look at account and limit, confirm, and back to where one came from."""

from django.conf import settings
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare

from payments.sandbox import clock, problems, sender, settling
from payments.sandbox.forms import SignInForm
from payments.sandbox.models import Account, Visit, WrongTries

_MOST_AT_ONCE = 20
_REFUSALS = {
    "insufficient_funds": "残高が不足しているため、納付できません。",
    "daily_limit": "一日の取扱限度額を超えるため、納付できません。",
    "account_closed": "この口座は解約されているため、納付できません。",
    "past_due": "納付期限を過ぎたため、納付できません。",
}
_WRONG = "契約者番号（カード番号）またはパスワードが正しくありません。"
_STOPPED = (
    "パスワードの誤りが続いたため、この契約者番号（カード）の本日のお取り扱いを停止しました。"
)


def hand_over(request, visit):
    """This browser, and no other, may go on with ``visit``."""
    mine = request.session.get("visits", [])
    request.session["visits"] = [*mine, str(visit.key)][-_MOST_AT_ONCE:]


def _may_go_on(view):
    """Hands the view a visit of this browser that can still be paid; else says why not."""

    def guarded(request, key):
        visit = Visit.objects.filter(key=key).select_related("account").first()
        if visit is None or str(key) not in request.session.get("visits", []):
            return problems.not_found(request)
        if earlier := settling.earlier_settlement(visit.agency_number, visit.payment_number):
            return _settled(request, visit, earlier)
        if visit.expires_at <= clock.now():
            words = "お手続きの有効期限が切れました。はじめからやり直してください。"
            return problems.page(request, 410, "納付を続けられません", words, back=visit.return_url)
        return view(request, visit)

    return guarded


@_may_go_on
def show(request, visit):
    """What comes next in this visit."""
    if visit.account is None:
        return _ask_who(request, visit, SignInForm())
    return _ask_to_confirm(request, visit)


@_may_go_on
def sign_in(request, visit):
    """Take the customer's number and password; ten wrong ones stop the card for the day."""
    if request.method != "POST":
        return redirect("visit", key=visit.key)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _ask_who(request, visit, form)
    customers = Account.objects.filter(customer_number=form.cleaned_data["customer_number"])
    if visit.bank:
        customers = customers.filter(bank=visit.bank)
    account = customers.first()
    if account is None:
        form.add_error(None, _WRONG)
        return _ask_who(request, visit, form)
    card, today = f"card:{account.customer_number}", clock.now().date()
    if not WrongTries.take(card, today):
        form.add_error(None, _STOPPED)
        return _ask_who(request, visit, form, status=429)
    if not constant_time_compare(form.cleaned_data["password"], settings.CUSTOMERS_PASSWORD):
        form.add_error(None, _WRONG)
        return _ask_who(request, visit, form)
    WrongTries.give_back(card, today)
    Visit.objects.filter(pk=visit.pk, settlement=None).update(account=account)
    return redirect("visit", key=visit.key)


@_may_go_on
def pay(request, visit):
    """Settle. Once this is answered, neither the money nor its notice can get lost."""
    if request.method != "POST" or visit.account is None:
        return redirect("visit", key=visit.key)
    try:
        with transaction.atomic():
            settlement = settling.settle(
                visit.account_id,
                agency_number=visit.agency_number,
                payment_number=visit.payment_number,
                amount=visit.amount,
                way=visit.way,
                due_on=visit.due_on,
            )
            Visit.objects.filter(pk=visit.pk).update(settlement=settlement)
            sender.wake()
    except settling.NotSettled as why:
        if why.earlier is None:
            return _ask_to_confirm(request, visit, refusal=_REFUSALS[why.reason])
        return _settled(request, visit, why.earlier)
    return redirect("visit", key=visit.key)


@_may_go_on
def leave(request, visit):
    """Forget who signed in: another account is to be used."""
    if request.method == "POST":
        Visit.objects.filter(pk=visit.pk, settlement=None).update(account=None)
    return redirect("visit", key=visit.key)


def _ask_who(request, visit, form, *, status=200):
    accounts = Account.objects.filter(bank=visit.bank) if visit.bank else Account.objects.all()
    context = {
        "visit": visit,
        "form": form,
        "accounts": accounts,
        "password": settings.CUSTOMERS_PASSWORD,
    }
    return render(request, "bank/sign_in.html", context, status=status)


def _ask_to_confirm(request, visit, *, refusal=""):
    used = settling.used_today(visit.account, clock.now())
    context = {
        "visit": visit,
        "account": visit.account,
        "left_today": max(visit.account.daily_limit - used, 0),
        "refusal": refusal,
    }
    return render(request, "bank/confirm.html", context, status=409 if refusal else 200)


def _settled(request, visit, settlement):
    """The number is settled: by this visit, perhaps a moment ago, or by another one."""
    visit.refresh_from_db(fields=["settlement"])
    if visit.settlement_id == settlement.pk:
        return render(request, "bank/done.html", {"visit": visit})
    context = {"visit": visit, "earlier": settlement}
    return render(request, "bank/paid_before.html", context, status=409)
