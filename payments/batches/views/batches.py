"""まとめ納付情報選択, まとめ納付情報確認, 詳細, CSV and 取り下げ.

申請取り下げの操作手順, part 2, ④ to ⑥.
"""

from datetime import timedelta
from functools import wraps

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_http_methods, require_safe

from koss.ground import clock
from koss.ground.paging import CappedPaginator
from payments.batches import csv_files, overview, withdrawing
from payments.batches.forms import BatchesForm
from payments.batches.views import kept
from payments.models import PaymentState
from payments.numbers import refunds, situations
from payments.payer.sessions import PAYMENT, signed_in

_WHAT = "batches"
_PER_PAGE = 20
_MEMBERS_PER_PAGE = 100
# What fell due before is over: it is looked for only when somebody asks for it.
_NOT_LONG_AGO = timedelta(days=31)


@require_http_methods(["GET", "POST"])
@signed_in(PAYMENT)
def search(request):
    """④ 検索条件入力."""
    typed = kept.current(request, _WHAT).typed or {"due_from": clock.today() - _NOT_LONG_AGO}
    form = BatchesForm(request.POST or None, initial=typed)
    if request.method == "POST" and form.is_valid():
        key = kept.keep(request, _WHAT, form)
        return redirect(reverse("payments:batches_list", args=[request.handle]) + f"?search={key}")
    context = {"form": form, "unpaid": PaymentState.UNPAID.label}
    return render(request, "payments/batches/search.html", context)


def _searched(view):
    """Give the view the kept search, its form, and what it finds."""

    @wraps(view)
    def with_search(request):
        search = kept.current(request, _WHAT)
        form = BatchesForm(search.typed)
        found = overview.of(request.payment_user, form.search if form.is_valid() else None)
        return view(request, search, form, found)

    return with_search


@require_safe
@signed_in(PAYMENT)
@_searched
def listing(request, search, form, found):
    """⑤ まとめ納付情報確認."""
    now = clock.now()
    page = CappedPaginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "conditions": form.conditions(),
        "search": search,
        "page": page,
        "rows": [overview.row_of(batch, now=now) for batch in page.object_list],
        "morning": clock.morning_after(clock.day(now), now),
    }
    return render(request, "payments/batches/list.html", context)


@require_safe
@signed_in(PAYMENT)
@_searched
def listing_csv(request, search, form, found):
    """The searched list as a file."""
    return _download(csv_files.batches(found), f"batches-{clock.today():%Y%m%d}.csv")


def _own(view):
    """Give the view one of the user's own batches; anybody else's does not exist."""

    @signed_in(PAYMENT)
    @wraps(view)
    def guarded(request, reference):
        batch = overview.of(request.payment_user).filter(reference=reference).first()
        if batch is None:
            raise Http404
        return view(request, batch)

    return guarded


class _Members(CappedPaginator):
    """Knows from the batch how many applications there are."""

    def __init__(self, batch):
        super().__init__(overview.applications_of(batch), _MEMBERS_PER_PAGE)
        self.batch = batch

    @cached_property
    def _counted(self):
        return self.batch.count


@require_safe
@_own
def detail(request, batch):
    """詳細: every application that is, or was, in the batch."""
    page = _Members(batch).get_page(request.GET.get("page"))
    members = overview.members(batch, list(page.object_list))
    now = clock.now()
    context = {
        "row": overview.row_of(batch, now=now),
        "morning": situations.morning_of(batch, now=now),
        "page": page,
        "members": members,
        "some_released": any(member.is_released for member in members),
        "refunds": refunds.of(batch),
    }
    return render(request, "payments/batches/detail.html", context)


@require_safe
@_own
def detail_csv(request, batch):
    """Every tax and fee of the batch as a file."""
    name = batch.payment_number or f"{clock.day(batch.requested_at):%Y%m%d}"
    return _download(csv_files.details(batch), f"batch-{name}.csv")


@require_http_methods(["GET", "POST"])
@_own
def withdrawal(request, batch):
    """⑥ 取り下げ: the question with OK, then what was accepted."""
    now = clock.now()
    if batch.state == PaymentState.WITHDRAWN:
        return _about(request, "withdrawn", batch, now)
    if request.method == "GET":
        if not withdrawing.is_open(batch):
            return _not_open(request, batch)
        return _about(request, "withdrawal", batch, now)
    typed = request.POST.get("presses", "")
    presses = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0
    try:
        withdrawing.withdraw(batch, user=request.payment_user, now=now, presses=presses)
    except withdrawing.PressedMeanwhile as question:
        again = {"pressed_meanwhile": True, "status": 409}
        return _about(request, "withdrawal", question.information, now, **again)
    except withdrawing.BatchNotWithdrawable as refusal:
        return _not_open(request, refusal.information)
    return redirect("payments:batch_withdrawal", request.handle, batch.reference)


def _about(request, page, batch, now, status=200, **more):
    context = {"batch": batch, "morning": situations.morning_of(batch, now=now), **more}
    return render(request, f"payments/batches/{page}.html", context, status=status)


def _not_open(request, batch):
    context = {"batch": batch, "paid": batch.state == PaymentState.PAID}
    return render(request, "payments/batches/not_open.html", context, status=409)


def _download(lines, filename):
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
