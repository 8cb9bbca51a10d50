"""まとめ納付対象選択: search, choose across pages, look once more, 納付番号取得."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from applications.models import PaymentMethod
from koss.ground import clock, request_keys
from payments.batches import choosing
from payments.batches.forms import TargetsForm
from payments.batches.views import choice, kept
from payments.models import PaymentInformation
from payments.numbers import consent, taking
from payments.payer.sessions import PAYMENT, signed_in

_WHAT = "targets"


@require_http_methods(["GET", "POST"])
@signed_in(PAYMENT)
def search(request):
    """検索条件."""
    form = TargetsForm(request.POST or None, initial=kept.current(request, _WHAT).typed)
    if request.method == "POST" and form.is_valid():
        return choice.to_list(request, _WHAT, kept.keep(request, _WHAT, form))
    return render(request, "payments/targets/search.html", {"form": form})


@require_http_methods(["GET", "POST"])
@signed_in(PAYMENT)
def listing(request):
    """The list to choose from. Each of its buttons keeps the boxes and goes on."""
    search = kept.current(request, _WHAT)
    form = TargetsForm(search.typed)
    found = _eligible(request, form.search if form.is_valid() else None)
    if request.method == "POST":
        return choice.go_on(request, _WHAT, search, found)
    totals = choosing.totals(_chosen(request, search.chosen), now=clock.now(), every_kind=True)
    return choice.show(request, _WHAT, search, form, found, totals)


@require_http_methods(["GET", "POST"])
@signed_in(PAYMENT)
def check(request):
    """What each number will stand for, before it is taken; then 納付番号取得."""
    if request.method == "POST":
        return _take(request)
    search = kept.current(request, _WHAT)
    open_now = list(_chosen(request, search.chosen))
    if not open_now:
        return choice.to_list(request, _WHAT, search.key, note="none")
    context = {
        "search": search,
        "totals": choosing.totals(_chosen(request, search.chosen), now=clock.now()),
        "keys": [application.pk for application in open_now],
        "gone": len(search.chosen) - len(open_now),
        "must_agree": consent.among(_chosen(request, search.chosen)),
        "request_key": request_keys.fresh(),
    }
    return render(request, "payments/targets/check.html", context)


def _take(request):
    """Take what the page showed, whatever was chosen in another tab meanwhile."""
    keys, request_key = choice.keys_in_one(request, "keys"), request.POST.get("request_key", "")
    search = kept.current(request, _WHAT)
    if not keys or len(keys) > settings.KOSS_BATCH_LIMIT or not request_keys.read(request_key):
        return choice.to_list(request, _WHAT, search.key)
    try:
        taking.take(request.payment_user, keys, now=clock.now(), request_key=request_key)
    except taking.ChargesNotAvailable as refusal:
        left = list(_chosen(request, keys).values_list("pk", flat=True))
        search, _all = kept.choose(request, _WHAT, search, left)
        context = {"search": search, "receipt_numbers": refusal.receipt_numbers, "left": len(left)}
        return render(request, "payments/targets/gone.html", context, status=409)
    kept.choose(request, _WHAT, search, [key for key in search.chosen if key not in set(keys)])
    return redirect("payments:targets_taken", request.handle, request_key)


@require_safe
@signed_in(PAYMENT)
def taken(request, request_key):
    """The numbers are asked for and come in a moment."""
    made = list(
        PaymentInformation.objects.filter(
            user=request.payment_user, request_key=request_key
        ).order_by("pk")
    )
    if not made:
        raise Http404
    return render(request, "payments/targets/taken.html", {"batches": made})


def _eligible(request, search=None):
    return choosing.eligible(request.payment_user, PaymentMethod.BATCH, search, now=clock.now())


def _chosen(request, keys):
    """Those of ``keys`` that this user can still take, wherever the search stands."""
    return _eligible(request).filter(pk__in=keys)
