"""個別納付: from the column 納付 of the status page."""

from functools import wraps

from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from applications.inquiry import signing_in
from applications.models import PaymentMethod
from koss.ground import clock
from payments.models import NumberKind, PaymentInformation
from payments.numbers import taking
from payments.paying.views import pay_pages


def _own(view):
    """Give the view the visit of a signed-in applicant to a number of that application."""

    @signing_in.signed_in
    @wraps(view)
    def guarded(request, reference, **rest):
        own = PaymentInformation.objects.filter(
            method=PaymentMethod.INDIVIDUAL, lines__charge__application=request.application
        )
        visit = pay_pages.find(own.distinct(), reference, request, individual=True)
        return view(request, visit, **rest)

    return guarded


@require_POST
@signing_in.signed_in
def press(request):
    """納付 on the status page: takes the number when it is pressed first."""
    application = request.application
    # The status page may be an old one, with the button of a charge that was paid meanwhile.
    if NumberKind.of(application.status) != request.POST.get("kind"):
        return render(request, "payments/pay/gone.html", status=409)
    try:
        information = taking.take_individually(application, now=clock.now())
    except taking.ChargesNotAvailable:
        return render(request, "payments/pay/gone.html", status=409)
    return pay_pages.press(request, pay_pages.Visit(information, request.handle, individual=True))


pay = require_safe(_own(pay_pages.pay))
way = require_POST(_own(pay_pages.way))
bank = require_safe(_own(pay_pages.bank))
come_back = pay_pages.back_from_the_bank(_own(pay_pages.returned), "applications:login")
