"""What a correction order opens, and how an answer to it is kept.

An order names fields and attachments; only these can be changed, and only until it was answered
once. Files that came in place of others retire them; nothing is deleted.
"""

from datetime import timedelta

from django.conf import settings

from applications.life import correctable
from applications.models import (
    PAPERS,
    Application,
    AttachmentKind,
    AttachmentState,
    Notice,
)
from koss.ground import clock

# Rooms that act on a correction add a function here: (application, names of what it has changed).
# Once each, although Django may make an app ready more than once.
answered = set()


class NotOrdered(ValueError):
    """A field was sent that the order does not open, or there is no open order."""


def usual_deadline(now):
    """The deadline of an order given at ``now``: 6 days later, unless set otherwise."""
    return clock.day(now) + timedelta(days=settings.KOSS_CORRECTION_DAYS)


def open_order(applications, *, now, inputs, before):
    """Give the orders their deadline and check that what they name may be opened.

    Raises NotOrdered for what is not opened in this procedure, and for a day gone by.
    """
    fields, kinds = set(inputs.fields), set(inputs.attachments)
    for application in applications:
        papers = set(PAPERS[application.procedure])
        known = fields <= correctable.open_names(application) and kinds <= papers
        if not known or not fields | kinds:
            raise NotOrdered(f"{inputs.fields} {inputs.attachments} of {application.procedure}")
        application.deadline = inputs.deadline or usual_deadline(now)
        if application.deadline < clock.day(now):
            raise NotOrdered(f"deadline {application.deadline} has passed")


def answer_order(applications, *, now, inputs, before):
    """Keep before and after of each field that the applicant sent, and let new files count.

    One application at a time.
    """
    [application] = applications
    order = open_order_of(application)
    if order is None or set(inputs.changes) != set(order.fields) or missing_kinds(order):
        raise NotOrdered(f"{sorted(inputs.changes)}")
    kinds = set(order.uploads.values_list("kind", flat=True))
    if not kinds <= set(order.attachments):
        raise NotOrdered(f"{sorted(kinds)}")
    application.uploads.standing().filter(kind__in=kinds).update(retired_at=now)
    order.answers = {name: [before[name], inputs.changes[name]] for name in order.fields}
    order.answered_at, order.proposal = now, {}
    order.save(update_fields=["answers", "answered_at", "proposal"])
    changed = {name for name, (old, new) in order.answers.items() if old != new}
    _follow(application, changed)
    for act in answered:
        act(application, changed, now=now)


def _follow(application, changed):
    """What is decided by the fields ``changed`` of ``application``, and asked of nobody."""
    if "reservation_number" in changed:
        ordered = application.particulars.reservation_number
        was, becomes = AttachmentState.MISSING, AttachmentState.NOT_NEEDED
        if ordered:
            was, becomes = becomes, was
        papers = application.attachments.filter(kind=AttachmentKind.PLATE_RESERVATION, state=was)
        papers.update(state=becomes)
    if "recording_agent_number" in changed and not application.has_recording_agent:
        application.recording_agent_allowed = False
        Application.objects.filter(pk=application.pk).update(recording_agent_allowed=False)


def missing_kinds(order):
    """The kinds of attachment that ``order`` asks for and of which there is no file at all."""
    if not order.attachments:
        return []
    there = {each.kind for each in order.application.uploads.standing()}
    there |= {each.kind for each in order.uploads.all()}
    return [AttachmentKind(kind) for kind in order.attachments if kind not in there]


def open_order_of(application):
    """The correction order that waits for an answer, or None."""
    return Notice.objects.filter(application=application).open_corrections().first()
