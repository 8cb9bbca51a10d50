"""The status page of a followed application with one press: as its agent, or by its password.

What was opened without the password stays open only while the payment user could open it again,
and a withdrawal or a correction from there is recorded with the payment user's ID.
"""

from applications.following import whose
from applications.inquiry import signing_in
from koss.ground import clock
from payments.models import PaymentUser
from payments.payer import users


def lead_to(request, application):
    """The way to the status page of ``application``, which ``request.payment_user`` follows."""
    user = request.payment_user
    if not whose.acts_for(user, application):
        return signing_in.to_password(application.receipt_number)
    return signing_in.lead_to(
        request,
        application,
        user=user.pk,
        version=user.version,
        user_id=user.user_id,
        list=request.handle,
    )


def stands_open(through, application):
    """Whether the payment user of ``through`` may still have ``application`` open."""
    user = PaymentUser.objects.filter(
        pk=through["user"], version=through["version"], staff_locked_at=None
    ).first()
    is_good = user is not None and not users.is_expired(user, clock.now())
    return is_good and whose.acts_for(user, application)
