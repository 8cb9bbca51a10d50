"""What a correction order opens, and how an answer to it is kept.

An order names fields; only these can be changed, and only until it was answered once
(product.md, screen 申請の補正).
"""

from datetime import timedelta

from django.conf import settings

from applications.models import Application, Notice
from applications.status import Procedure
from koss import clock

# The text fields that staff may open, in the order of the status page.
CORRECTABLE = {
    Procedure.CONTINUED_INSPECTION: (
        "plate",
        "chassis_number",
        "applicant_name",
        "user_name",
        "recording_agent_number",
        "recording_agent_name",
    ),
    Procedure.NEW_VEHICLE: (
        "chassis_number",
        "applicant_name",
        "user_name",
        "user_name_full",
        "owner_name",
        "owner_name_full",
    ),
}

ALL_FIELDS = tuple(dict.fromkeys(name for names in CORRECTABLE.values() for name in names))


class NotOrdered(ValueError):
    """A field was sent that the order does not open, or there is no open order."""


def usual_deadline(now):
    """The deadline of an order given at ``now``: 6 days later, unless set otherwise."""
    return clock.day(now) + timedelta(days=settings.KOSS_CORRECTION_DAYS)


def field_label(name):
    """The official name of a field of the application."""
    return Application._meta.get_field(name).verbose_name


def open_order(applications, *, now, inputs):
    """Give the orders their deadline and check that their fields may be opened.

    Raises NotOrdered for a field that is not opened in this procedure, and for a day gone by.
    """
    for application in applications:
        allowed = CORRECTABLE[application.procedure]
        if not inputs.fields or not set(inputs.fields) <= set(allowed):
            raise NotOrdered(f"{inputs.fields} of {application.procedure}")
        application.deadline = inputs.deadline or usual_deadline(now)
        if application.deadline < clock.day(now):
            raise NotOrdered(f"deadline {application.deadline} has passed")


def answer_order(applications, *, now, inputs):
    """Keep before and after of each field that the applicant sent. One application at a time."""
    [application] = applications
    order = open_order_of(application)
    if order is None or set(inputs.changes) != set(order.fields):
        raise NotOrdered(f"{sorted(inputs.changes)}")
    before = inputs.before
    order.answers = {name: [before[name], inputs.changes[name]] for name in order.fields}
    order.answered_at = now
    order.save(update_fields=["answers", "answered_at"])


def open_order_of(application):
    """The correction order that waits for an answer, or None."""
    return Notice.objects.filter(application=application).open_corrections().first()
