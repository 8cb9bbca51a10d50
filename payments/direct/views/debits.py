"""ダイレクト納付対象・情報選択: search, choose, look once more, order; then what became of it."""

from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import PaymentMethod
from koss.ground import clock, request_keys
from koss.ground.paging import CappedPaginator
from payments.batches import choosing
from payments.batches.views import choice, kept
from payments.direct import debits
from payments.direct.debit_forms import DirectForm, TimeForm, account_words, usable_accounts
from payments.models import DebitOrder, DebitState, PaymentLine
from payments.numbers import failures, taking
from payments.payer.sessions import PAYMENT, signed_in

_WHAT = "direct"
_ORDERS_PER_PAGE = 20
# In the address of the orders: which one was cancelled just now.
_CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class DebitRow:
    """One order: why it failed, and which buttons it has."""

    order: DebitOrder
    why: str
    may_cancel: bool
    may_order_again: bool


@require_http_methods(["GET", "POST"])
@signed_in(PAYMENT)
def search(request):
    """1. ダイレクト納付対象検索: the account, and the conditions."""
    accounts = list(usable_accounts(request.payment_user))
    if not accounts:
        waiting = request.payment_user.accounts.exists()
        return render(request, "payments/direct/no_account.html", {"waiting": waiting})
    typed = kept.current(request, _WHAT).typed or {"account": accounts[0].account_id}
    form = DirectForm(request.POST or None, initial=typed, accounts=accounts)
    if request.method == "POST" and form.is_valid():
        return choice.to_list(request, _WHAT, kept.keep(request, _WHAT, form))
    return render(request, "payments/direct/search.html", {"form": form})


def _searched(view):
    """Give the view the kept search and its form; without a usable account, lead to the search."""

    @signed_in(PAYMENT)
    @wraps(view)
    def guarded(request):
        search = kept.current(request, _WHAT)
        form = DirectForm(search.typed, accounts=usable_accounts(request.payment_user))
        if not form.is_valid():
            return redirect("payments:direct", request.handle)
        return view(request, search, form)

    return guarded


@require_http_methods(["GET", "POST"])
@_searched
def listing(request, search, form):
    """2. 納付: the list to choose from. Each of its buttons keeps the boxes and goes on."""
    found = _eligible(request, form, form.search)
    if request.method == "POST":
        return choice.go_on(request, _WHAT, search, found)
    totals = choosing.totals(_chosen(request, form, search.chosen), now=clock.now())
    return choice.show(request, _WHAT, search, form, found, totals)


@require_http_methods(["GET", "POST"])
@_searched
def check(request, search, form):
    """What will be debited, from where and when; then the order."""
    if request.method == "POST":
        return _order(request, search, form)
    return _check(request, search, form, search.chosen, TimeForm())


def _check(request, search, form, keys, time_form):
    open_now = list(_chosen(request, form, keys))
    if not open_now:
        return choice.to_list(request, _WHAT, search.key, note="none")
    context = {
        "search": search,
        "account": account_words(form.chosen_account),
        "account_id": form.chosen_account.account_id,
        "totals": choosing.totals(_chosen(request, form, keys), now=clock.now()),
        "keys": [application.pk for application in open_now],
        "gone": len(keys) - len(open_now),
        "must_agree": any(each.annual_tax_confirmed is False for each in open_now),
        "form": time_form,
        "request_key": request.POST.get("request_key") or request_keys.fresh(),
    }
    return render(request, "payments/direct/check.html", context)


def _order(request, search, form):
    """Order what the page showed, whatever was chosen in another tab meanwhile."""
    keys = choice.keys_in_one(request, "keys")
    request_key = request.POST.get("request_key", "")
    account = form.accounts.get(request.POST.get("account"))
    fits = keys and len(keys) <= settings.KOSS_BATCH_LIMIT and request_keys.read(request_key)
    if not fits or account is None:
        return choice.to_list(request, _WHAT, search.key)
    time_form = TimeForm(request.POST)
    if not time_form.is_valid():
        return _check(request, search, form, keys, time_form)
    at_once = time_form.cleaned_data["when"] == TimeForm.AT_ONCE
    try:
        debits.order(
            request.payment_user,
            keys,
            account,
            at_once=at_once,
            now=clock.now(),
            request_key=request_key,
        )
    except taking.ChargesNotAvailable as refusal:
        left = list(_chosen(request, form, keys).values_list("pk", flat=True))
        search, _all = kept.choose(request, _WHAT, search, left)
        context = {"search": search, "receipt_numbers": refusal.receipt_numbers, "left": len(left)}
        return render(request, "payments/direct/gone.html", context, status=409)
    except ValueError:  # the status of one moved on to what this account does not pay
        return choice.to_list(request, _WHAT, search.key, note="gone")
    kept.choose(request, _WHAT, search, [key for key in search.chosen if key not in set(keys)])
    return redirect("payments:direct_ordered", request.handle, request_key)


@require_safe
@signed_in(PAYMENT)
def ordered(request, request_key):
    """What one request ordered."""
    made = list(_orders(request).filter(information__request_key=request_key))
    if not made:
        raise Http404
    return render(request, "payments/direct/ordered.html", {"rows": _rows(request, made)})


@require_safe
@signed_in(PAYMENT)
def orders(request):
    """Every order of the user and what became of it, the newest first."""
    page = CappedPaginator(_orders(request), _ORDERS_PER_PAGE).get_page(request.GET.get("page"))
    cancelled = (
        _orders(request).filter(
            information__reference=request.GET[_CANCELLED], state=DebitState.CANCELLED
        )
        if _CANCELLED in request.GET
        else DebitOrder.objects.none()
    )
    context = {
        "page": page,
        "rows": _rows(request, page.object_list),
        "cancelled": cancelled.exists(),
    }
    return render(request, "payments/direct/orders.html", context)


def _own(view):
    """Give the view one of the user's own orders; anybody else's does not exist."""

    @signed_in(PAYMENT)
    @wraps(view)
    def guarded(request, reference):
        order = _orders(request).filter(information__reference=reference).first()
        if order is None:
            raise Http404
        return view(request, order)

    return guarded


@require_http_methods(["GET", "POST"])
@_own
def cancel(request, order):
    """Take an order back while the bank was not told of it: the question, then the act."""
    context = {"order": order}
    if request.method == "GET":
        if order.state != DebitState.SCHEDULED:
            return render(request, "payments/direct/not_open.html", context, status=409)
        return render(request, "payments/direct/cancel.html", context)
    try:
        debits.cancel(order, user=request.payment_user, now=clock.now())
    except debits.DebitNotCancellable:
        context = {"order": _orders(request).get(pk=order.pk)}
        return render(request, "payments/direct/not_open.html", context, status=409)
    orders = resolve_url("payments:direct_orders", request.handle)
    return redirect(f"{orders}?{_CANCELLED}={order.information.reference}")


@require_POST
@_own
def again(request, order):
    """Choose what a failed or cancelled order was for once more, from the same account."""
    typed = {"account": order.account.account_id}
    form = DirectForm(typed, accounts=usable_accounts(request.payment_user))
    if not form.is_valid():
        return redirect("payments:direct", request.handle)
    keys = order.information.lines.order_by("charge__application").values_list(
        "charge__application", flat=True
    )
    key = kept.keep(request, _WHAT, form, chosen=keys.distinct()[: settings.KOSS_BATCH_LIMIT])
    return choice.to_check(request, _WHAT, key)


def _orders(request):
    return DebitOrder.objects.filter(information__user=request.payment_user).select_related(
        "information", "account"
    )


def _rows(request, found):
    found = list(found)
    free = _free(request, found)
    return [
        DebitRow(
            order,
            why=failures.words(order.failure),
            may_cancel=order.state == DebitState.SCHEDULED,
            may_order_again=order.information_id in free,
        )
        for order in found
    ]


def _free(request, orders):
    """The numbers of failed ``orders`` whose charges still wait for another one. One query."""
    failed = [order.information_id for order in orders if order.state == DebitState.FAILED]
    open_ones = choosing.eligible(request.payment_user, PaymentMethod.DIRECT, now=clock.now())
    lines = PaymentLine.objects.filter(
        information__in=failed,
        released_at__isnull=False,
        charge__number_taken_at=None,
        charge__application__in=open_ones.order_by().values("pk"),
    )
    return set(lines.values_list("information_id", flat=True))


def _eligible(request, form, search=None):
    """What the account of the form can pay."""
    kinds = debits.kinds_of(form.chosen_account.kind)
    found = choosing.eligible(request.payment_user, PaymentMethod.DIRECT, search, now=clock.now())
    return found.filter(status__in=sorted(set().union(*(kind.statuses for kind in kinds))))


def _chosen(request, form, keys):
    """Those of ``keys`` that can still be ordered, wherever the search stands."""
    return _eligible(request, form).filter(pk__in=keys)
