"""Taking a new application in, or turning it away. Screen and bulk applications use the same."""

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from applications import moves
from applications.models import Application, Attachment, AttachmentKind, AttachmentState
from applications.status import MoveName, Procedure, Status
from koss import clock, numbers

# The papers of each procedure in the order of the status page.
PAPERS = {
    Procedure.CONTINUED_INSPECTION: (
        AttachmentKind.LIABILITY_INSURANCE,
        AttachmentKind.SAFETY_CERTIFICATE,
    ),
    Procedure.NEW_VEHICLE: (
        AttachmentKind.COMPLETION_CERTIFICATE,
        AttachmentKind.LIABILITY_INSURANCE,
        AttachmentKind.PLATE_RESERVATION,
    ),
}


class NotCarriedOver(ValueError):
    """The earlier application does not let its fees be carried over."""


def take_in(*, now, password="", encoded="", not_needed=(), faults="", receipt_number="", **fields):
    """Create an application at ``now`` and return it.

    ``fields``: values of ``Application``. ``password``: in plain text, or instead ``encoded`` as
    Django's hashers wrote it. ``not_needed``: kinds of attachment that this application does not
    need. ``faults``: why its data or signature are not valid; with it the application ends as
    未受付.
    """
    application = Application(applied_on=clock.day(now), **fields)
    application.password = encoded or make_password(password)
    if faults:
        application.earlier = None  # a refused application uses nothing up
    elif application.earlier:
        _check_carry_over(application, application.earlier)
    name = MoveName.TURN_AWAY if faults else MoveName.TAKE_IN
    inputs = moves.Inputs(reason=faults)
    while True:
        application.receipt_number = receipt_number or numbers.make_receipt_number(
            application.applied_on
        )
        try:
            with transaction.atomic():
                moves.begin(name, application, now=now, inputs=inputs)
                Attachment.objects.bulk_create(
                    Attachment(
                        application=application,
                        kind=kind,
                        state=(
                            AttachmentState.NOT_NEEDED
                            if kind in not_needed
                            else AttachmentState.MISSING
                        ),
                    )
                    for kind in PAPERS[application.procedure]
                )
            return application
        except IntegrityError:
            if application.earlier:  # somebody else carried the same fees over a moment ago
                _check_carry_over(application, application.earlier)
            taken = Application.objects.filter(receipt_number=application.receipt_number)
            if receipt_number or not taken.exists():
                raise
            application.pk, application.version = None, 0


def _check_carry_over(application, earlier):
    """Fees carry over once, from a withdrawn application of the same vehicle (product.md)."""
    if (
        earlier.status != Status.WITHDRAWN
        or earlier.procedure != application.procedure
        or earlier.chassis_number != application.chassis_number
        or earlier.charges.fees().unpaid().exists()
        or not earlier.charges.fees().filter(amount__gt=0).exists()
        or Application.objects.filter(earlier=earlier).exists()
    ):
        raise NotCarriedOver(earlier.receipt_number)
