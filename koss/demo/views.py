"""The demo page: every account with what it shows, and the clock that can be moved."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from applications.demo.journeys import PASSWORD
from applications.inquiry import signing_in
from applications.labels import Field as ApplicationField
from applications.models import Application
from applications.practice import values
from applications.status import MoveName
from koss.demo import certificates, finding, morning, world
from koss.ground import clock, dates
from koss.models import DemoAccount, NightRun
from payments.demo import payers
from payments.models import PaymentUser
from payments.payer import sessions
from qrcodes import demo as receivers
from qrcodes.labels import Field as CodeField

_NIGHTS_SHOWN = 5
_PER_PAGE = 20
_LABELS = {name: Application._meta.get_field(name).verbose_name for name in ("procedure", "status")}
# Where a payment user begins: area and page.
_PAYER_STARTS = {
    "payment": (sessions.PAYMENT, "payments:menu"),
    "my_page": (sessions.MY_PAGE, "payments:my_page"),
    "list": (sessions.MY_PAGE, "following:list"),
}


@require_safe
def demo(request):
    """The first things to try; with a search in the address, what it finds."""
    now, pairs = clock.now(), world.accounts()
    form = finding.FindForm(request.GET or None, labels=_LABELS)
    found = Paginator(form.rows(pairs), _PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "demo/demo.html",
        {
            "first": finding.first_to_try(pairs),
            "form": form,
            "found": found if request.GET else None,
            "count": len(pairs),
            "password": PASSWORD,
            "staff": world.staff(),
            "staff_password": world.STAFF_PASSWORD,
            "payers": payers.shown(),
            "payer": payers.PAYER,
            "payer_password": payers.PASSWORD,
            "bank_origin": settings.KOSS_BANK_ORIGIN,
            "receiver": [
                (ApplicationField.RECEIVER_NAME, receivers.RECEIVER),
                (CodeField.RECEIVER_PASSWORD, receivers.PASSWORD),
            ],
            "certificates": certificates.shown(),
            "pin": certificates.PIN,
            "typed": certificates.TYPED,
            "values": _typed_values(),
            "accept": MoveName.ACCEPT.label,
            "pass": MoveName.PASS_REVIEW.label,
            "now": now,
            "day_that_ends": morning.day_that_ends(now),
            "nights": NightRun.objects.order_by("-pk")[:_NIGHTS_SHOWN],
        },
    )


def _typed_values():
    """(label of a ValueKind, its magic values). Certificates are listed where they are to have."""
    kinds = [each for each in values.ValueKind if each != values.ValueKind.CERTIFICATE]
    return [(kind.label, [each for each in values.TABLE if each.kind == kind]) for kind in kinds]


@require_POST
def open_application(request):
    """Sign the visitor in to one application, as its password would."""
    account = get_object_or_404(
        DemoAccount, receipt_number=request.POST.get("receipt_number", ""), needs_login=False
    )
    application = get_object_or_404(Application, receipt_number=account.receipt_number)
    return redirect("applications:status", signing_in.open_inquiry(request, application))


@require_POST
def open_payer(request):
    """Sign the visitor in as the payment user of the manuals, as the password would."""
    start = _PAYER_STARTS.get(request.POST.get("area"))
    if start is None:
        return HttpResponseBadRequest()
    area, page = start
    user = get_object_or_404(PaymentUser, user_id=payers.PAYER)
    return redirect(page, sessions.open_session(request, user, area))


@require_POST
def go_on(request):
    """翌朝へ進める."""
    business_day = dates.read_day(request.POST.get("day"))
    if business_day is None:
        return HttpResponseBadRequest()
    if business_day != morning.day_that_ends(clock.now()):
        return redirect("demo")
    run = morning.go_on_from(business_day)
    return redirect("demo_morning", run.pk) if run else redirect("demo")


@require_safe
def morning_after(request, pk):
    """What the night changed."""
    run = get_object_or_404(NightRun, pk=pk)
    return render(request, "demo/morning.html", {"morning": morning.what_changed(run)})
