"""マイページ and what its menu offers (【画面申請】まとめ納付管理ファイルの取得手順, 2 and 3)."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from koss.access import done, leftovers, offering, visitors
from koss.access.passwords import Busy
from koss.ground import clock
from payments.labels import Screen
from payments.models import AccountKind, WebhookEnd
from payments.payer import batch_file, events, users
from payments.payer.file_forms import BatchFileForm
from payments.payer.forms import ChangeDetailsForm, NewPasswordForm
from payments.payer.sessions import MY_PAGE, signed_in

_BUSY = 429
_STALE = 409
_LATEST = 5
_PER_PAGE = 50


@require_safe
@signed_in(MY_PAGE)
def my_page(request):
    """マイページ."""
    user = request.payment_user
    accounts = list(user.accounts.all())
    context = {
        "national": [each for each in accounts if each.kind == AccountKind.NATIONAL],
        "local": [each for each in accounts if each.kind == AccountKind.LOCAL],
        "latest": list(events.events_for(user)[:_LATEST]),
    }
    return render(request, "payments/my_page/page.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(MY_PAGE)
def typed_before(request):
    """What was typed on マイページ, and not sent."""
    first_page = reverse("payments:my_page", args=[request.handle])
    return offering.page(request, base="payments/my_page/base.html", first_page=first_page)


@require_safe
@signed_in(MY_PAGE)
def history(request):
    """ログイン履歴."""
    pages = Paginator(events.events_for(request.payment_user), _PER_PAGE)
    context = {"page": pages.get_page(request.GET.get("page"))}
    return render(request, "payments/my_page/history.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(MY_PAGE)
@leftovers.keeps(Screen.USER_CHANGE, ChangeDetailsForm)
def details(request):
    """利用者情報変更: the form; sent without a fault, it leads to the look at it."""
    if request.method == "GET":
        return _details(
            request, leftovers.fill(request, ChangeDetailsForm.of(request.payment_user))
        )
    form = ChangeDetailsForm(request.POST)
    if form.is_valid():
        if not form.is_as_before(request.payment_user):
            return render(request, "payments/my_page/details_check.html", {"form": form})
        form.say_as_before()
    return _details(request, form)


@require_http_methods(["GET", "POST"])
@signed_in(MY_PAGE)
@leftovers.keeps(Screen.USER_CHANGE, ChangeDetailsForm, page="payments:details")
def details_check(request):
    """変更 or 戻る; what was typed travels along either way."""
    if request.method == "GET":
        return redirect("payments:details", request.handle)
    form = ChangeDetailsForm(request.POST)
    if "back" in request.POST or not form.is_valid():
        return _details(request, form)
    try:
        users.change_details(
            request.payment_user,
            now=clock.now(),
            seen=form.cleaned_data["seen"],
            source=visitors.source_of(request),
            **form.details(),
        )
    except users.Stale:
        return render(request, "payments/my_page/details_stale.html", status=_STALE)
    return done.lead("payments:details_done", request.handle)


@require_safe
@signed_in(MY_PAGE)
@done.only_after("payments:details_done", "payments:details")
def details_done(request):
    """What stands now."""
    return render(request, "payments/my_page/details_done.html")


def _details(request, form):
    return render(request, "payments/my_page/details.html", {"form": form})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@signed_in(MY_PAGE)
def bulk_password(request):
    """一括利用者パスワード初期化."""
    user, status = request.payment_user, 200
    form = NewPasswordForm(request.POST or None, not_this=(user.user_id, user.bulk_id))
    if request.method == "POST" and user.bulk_id and form.is_valid():
        typed = form.cleaned_data["new_password"]
        try:
            users.set_bulk_password(
                user, typed, now=clock.now(), source=visitors.source_of(request)
            )
        except Busy:
            form.say_busy()
            status = _BUSY
        else:
            return done.lead("payments:bulk_password_done", request.handle)
    return render(request, "payments/my_page/bulk_password.html", {"form": form}, status=status)


@require_safe
@signed_in(MY_PAGE)
@done.only_after("payments:bulk_password_done", "payments:bulk_password")
def bulk_password_done(request):
    """It was set."""
    stopped = request.payment_user.webhooks.filter(end=WebhookEnd.PASSWORD_RESET).count()
    return render(request, "payments/my_page/bulk_password_done.html", {"stopped": stopped})


@require_safe
@signed_in(MY_PAGE)
def download(request):
    """まとめ納付管理ファイル of the user who is signed in: no address names its owner."""
    name, content = batch_file.make(
        request.payment_user, clock.now(), source=visitors.source_of(request)
    )
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_http_methods(["GET", "POST"])
@signed_in(MY_PAGE)
def check_file(request):
    """Whose a まとめ納付管理ファイル is, or why it is refused."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form, found = BatchFileForm(*sent), None
    if form.is_valid():
        try:
            found = batch_file.read(form.cleaned_data["file"], clock.now())
        except batch_file.BatchFileRefused as refused:
            form.refuse(refused.reason)
    return render(request, "payments/my_page/batch_file_check.html", {"form": form, "found": found})
