"""国庫金／地方税ダイレクト納付口座新規作成, and 口座情報詳細."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from koss.access import leftovers, visitors
from koss.ground import clock
from payments import banks
from payments.direct import accounts
from payments.direct.account_forms import AccountForm
from payments.labels import Screen
from payments.models import AccountKind, AccountState
from payments.payer.sessions import MY_PAGE, signed_in

# In the address of 口座情報詳細: what was applied for just now, and that it had been before.
_APPLIED, _KNOWN = "applied", "known"


_TITLES = {
    AccountKind.NATIONAL: Screen.NEW_NATIONAL_ACCOUNT,
    AccountKind.LOCAL: Screen.NEW_LOCAL_ACCOUNT,
}


def _title_of(*, kind):
    return _TITLES[kind]


def _forms_of(*, kind):
    return (AccountForm,) if kind in _TITLES else ()


@require_http_methods(["GET", "POST"])
@signed_in(MY_PAGE)
@leftovers.keeps(_title_of, _forms_of)
def new(request, kind):
    """The form; sent without a fault, it leads to the look at it."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _page(request, "account_check", _known(kind), form)
    leftovers.fill(request, form)
    return _page(request, "account_new", _known(kind), form)


@require_http_methods(["GET", "POST"])
@signed_in(MY_PAGE)
@leftovers.keeps(_title_of, _forms_of, page="payments:account_new")
def new_check(request, kind):
    """申し込む or 戻る; what was typed travels along either way."""
    kind = _known(kind)
    if request.method == "GET":
        return redirect("payments:account_new", request.handle, kind)
    form = AccountForm(request.POST)
    if "back" in request.POST or not form.is_valid():
        return _page(request, "account_new", kind, form)
    now = clock.now()
    account = accounts.apply_for(
        request.payment_user,
        kind,
        now=now,
        source=visitors.source_of(request),
        **form.cleaned_data,
    )
    page = reverse("payments:account", args=[request.handle, account.reference])
    return redirect(f"{page}?{_APPLIED if account.made_at == now else _KNOWN}=1")


@require_safe
@signed_in(MY_PAGE)
def account(request, reference):
    """口座情報詳細 of one of the user's own accounts."""
    found = get_object_or_404(request.payment_user.accounts, reference=reference)
    refusal = ""
    if found.state == AccountState.REFUSED:
        refusal = accounts.refusal_words(found.refusal)
    context = {
        "account": found,
        "refusal": refusal,
        "was_applied_for": _APPLIED in request.GET,
        "was_known": _KNOWN in request.GET,
        "bank_name": found.bank_name or banks.current().BANKS.get(found.bank, found.bank),
    }
    return render(request, "payments/my_page/account.html", context)


def _known(kind):
    if kind not in AccountKind.values:
        raise Http404
    return AccountKind(kind)


def _page(request, name, kind, form):
    return render(request, f"payments/my_page/{name}.html", {"kind": kind, "form": form})
