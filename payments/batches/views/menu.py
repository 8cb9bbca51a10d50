"""納付メニュー (申請取り下げの操作手順, part 2, ③)."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.models import PaymentMethod
from koss.ground import clock
from payments.batches import choosing, overview
from payments.payer.sessions import PAYMENT, signed_in


@require_safe
@signed_in(PAYMENT)
def menu(request):
    """Both procedures in their steps, and what waits behind each of the three buttons."""
    user, now = request.payment_user, clock.now()
    context = {
        "targets": choosing.waiting(choosing.eligible(user, PaymentMethod.BATCH, now=now)),
        "batches": overview.unpaid(user, now=now),
        "direct": choosing.waiting(choosing.eligible(user, PaymentMethod.DIRECT, now=now)),
    }
    return render(request, "payments/menu.html", context)
