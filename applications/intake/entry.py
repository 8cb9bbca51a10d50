"""Taking a new application in, or turning it away. Screen and bulk applications use the same."""

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import get_language

from applications.intake.plates import NotAPlate, read_plate
from applications.life import moves
from applications.models import PAPERS, Application, Attachment, AttachmentState
from applications.status import MoveName, Status
from koss.ground import clock, model_fields, numbers


class NotCarriedOver(ValueError):
    """The earlier application does not let its fees be carried over."""


def take_in(
    *,
    now,
    password="",
    encoded="",
    not_needed=(),
    refusal="",
    faults="",
    receipt_number="",
    **fields,
):
    """Create an application at ``now`` and return it. Its mails are in the language of now.

    ``fields``: values of ``Application``. ``password``: in plain text, or instead ``encoded`` as
    Django's hashers wrote it. ``not_needed``: kinds of attachment that this application does not
    need. ``refusal``: the code why its signature is not valid; ``faults``: in words, why its data
    are not; with either the application ends as 未受付. Every text is read as its kind is; raises
    ``model_fields.Unfit`` for one that cannot be kept.
    """
    application = Application(applied_on=clock.day(now), language=get_language(), **_read(fields))
    application.password = encoded or make_password(password)
    if refusal or faults:
        application.earlier = None  # a refused application uses nothing up
    elif application.earlier:
        _check_carry_over(application, application.earlier)
    name = MoveName.TURN_AWAY if refusal or faults else MoveName.TAKE_IN
    inputs = moves.Inputs(reason=faults, standard_reason=refusal)
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


def _read(values):
    kept = model_fields.read_all(Application, values)
    if kept.get("plate"):
        try:
            kept["plate"] = read_plate(kept["plate"])
        except NotAPlate as error:
            label = Application._meta.get_field("plate").verbose_name
            raise model_fields.Unfit({"plate": error.about(label)}) from error
    return kept


def carries_over(earlier, procedure, chassis_number):
    """Whether fees paid for ``earlier`` carry over to an application of this vehicle.

    They do once, from a withdrawn application of the same procedure and vehicle.
    """
    return (
        earlier.status == Status.WITHDRAWN
        and earlier.procedure == procedure
        and earlier.chassis_number == chassis_number
        and not earlier.charges.fees().unpaid().exists()
        and earlier.charges.fees().filter(amount__gt=0).exists()
        and not Application.objects.filter(earlier=earlier).exists()
    )


def _check_carry_over(application, earlier):
    if not carries_over(earlier, application.procedure, application.chassis_number):
        raise NotCarriedOver(earlier.receipt_number)
