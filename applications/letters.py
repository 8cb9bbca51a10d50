"""The mails an application gives rise to (product.md "mails"): for whom, and what they may show."""

from applications.status import Procedure, Status
from koss.outbox import Letter


def about(application, template, *, reason="", event=""):
    """One letter for each of the application's addresses.

    ``event`` names what happened where it is not the move that led to this version.
    """
    facts = {
        "receipt_number": application.receipt_number,
        "procedure": str(Procedure(application.procedure).label),
        "status": str(Status(application.status).label),
        "applicant": application.applicant_name,
        "deadline": in_words(application.deadline),
        "reason": reason,
    }
    return [
        Letter(
            key=f"{template}:{application.receipt_number}:{event or application.version}",
            template=template,
            to=address,
            receipt_number=application.receipt_number,
            facts=facts,
        )
        for address in application.addresses
    ]


def in_words(day):
    """A date as mails write it, or nothing."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
