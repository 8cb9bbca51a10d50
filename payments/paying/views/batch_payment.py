"""納付 of a batch: from まとめ納付情報確認."""

from functools import wraps

from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import PaymentMethod
from payments.models import PaymentInformation
from payments.payer.sessions import signed_in
from payments.paying.views import pay_pages


def _own(view):
    """Give the view the visit of a signed-in payment user to one of the own batches."""

    @signed_in("payment")
    @wraps(view)
    def guarded(request, reference, **rest):
        own = PaymentInformation.objects.filter(
            method=PaymentMethod.BATCH, user=request.payment_user
        )
        visit = pay_pages.find(own, reference, request, individual=False)
        return view(request, visit, **rest)

    return guarded


pay = require_http_methods(["GET", "POST"])(_own(pay_pages.pay))
way = require_POST(_own(pay_pages.way))
bank = require_safe(_own(pay_pages.bank))
come_back = pay_pages.back_from_the_bank(_own(pay_pages.returned), "payments:login")
