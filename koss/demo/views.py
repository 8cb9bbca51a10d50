"""The demo page: every account with what it shows, and the clock that can be moved."""

from datetime import date
from itertools import groupby

from django.conf import settings
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from applications import inquiry
from applications.labels import Field as ApplicationField
from applications.models import Application
from koss import clock
from koss.demo import morning, payers, world
from koss.demo.journeys import PASSWORD
from koss.demo.samples import RECEIVER
from koss.models import DemoAccount, NightRun
from payments import sessions
from payments.models import PaymentUser
from qrcodes.labels import Field as CodeField

_NIGHTS_SHOWN = 5
# Where a payment user begins, by area.
_PAYER_STARTS = {sessions.PAYMENT: "payments:menu", sessions.MY_PAGE: "payments:my_page"}


@require_safe
def demo(request):
    now = clock.now()
    return render(
        request,
        "demo/demo.html",
        {
            "procedures": _by_procedure_and_status(world.accounts()),
            "password": PASSWORD,
            "staff": world.STAFF.items(),
            "staff_password": world.STAFF_PASSWORD,
            "payers": payers.shown(),
            "payer": payers.PAYER,
            "payer_password": payers.PASSWORD,
            "bank_origin": settings.KOSS_BANK_ORIGIN,
            "receiver": [
                (ApplicationField.RECEIVER_NAME, RECEIVER),
                (CodeField.RECEIVER_PASSWORD, world.RECEIVER_PASSWORD),
            ],
            "now": now,
            "day_that_ends": morning.day_that_ends(now),
            "nights": NightRun.objects.order_by("-pk")[:_NIGHTS_SHOWN],
        },
    )


@require_POST
def open_application(request):
    """Sign the visitor in to one application, as its password would."""
    account = get_object_or_404(
        DemoAccount, receipt_number=request.POST.get("receipt_number", ""), needs_login=False
    )
    application = get_object_or_404(Application, receipt_number=account.receipt_number)
    return redirect("applications:status", inquiry.open_inquiry(request, application))


@require_POST
def open_payer(request):
    """Sign the visitor in as the payment user of the manuals, as the password would."""
    area = request.POST.get("area")
    if area not in _PAYER_STARTS:
        return HttpResponseBadRequest()
    user = get_object_or_404(PaymentUser, user_id=payers.PAYER)
    return redirect(_PAYER_STARTS[area], sessions.open_session(request, user, area))


@require_POST
def go_on(request):
    """翌朝へ進める."""
    try:
        business_day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
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


def _by_procedure_and_status(accounts):
    """[(procedure's name, [(status, its name, [(account, application), …]), …]), …]"""

    def procedure(pair):
        return pair[1].get_procedure_display()

    def status(pair):
        return pair[1].status, pair[1].get_status_display()

    return [
        (name, [(*which, list(pairs)) for which, pairs in groupby(those, key=status)])
        for name, those in groupby(accounts, key=procedure)
    ]
