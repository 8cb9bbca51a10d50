"""Applications as the interface tells them: the same words and rules as the portal's pages."""

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime

from applications.correcting import comparing
from applications.labels import Party
from applications.life import correctable
from applications.models import AttachmentKind, AttachmentState, NoticeKind
from applications.status import Actor, Status
from applications.status_page import contents, next_step
from payments.numbers import information


def lines(applications, *, now):
    """Each of ``applications``, a list that comes with offices, for a list. One query."""
    blocks = information.blocks_of_many(applications, now=now)
    return [line(each, blocks[each.pk], now=now) for each in applications]


def line(application, blocks, *, now):
    """``application`` as lists show it. ``blocks``: its 納付情報."""
    owed = None
    if application.status in Status.PAYABLE:
        owed = next((block for block in blocks if block.situation), None)
    return _line(application, next_step.of(application, owed=owed, now=now))


def whole(application, *, now):
    """``application``, which comes with its office, with all there is to tell."""
    page = contents.StatusPage(application, now)
    order = page.order
    return {
        **_line(application, page.next_step),
        "applicant_name": application.applicant_name,
        "user_name_full": application.user_name_full,
        "owner_name": application.owner_name,
        "owner_name_full": application.owner_name_full,
        "office": str(application.office),
        "payment_method": _word(application, "payment_method"),
        "payer": application.payer,
        "receiving_method": _word(application, "receiving_method"),
        "receiver_name": application.receiver_name,
        "correction": _correction(application, order) if order else None,
        "payments": [_payment(block) for block in page.payments],
        "papers": [
            {"kind": _word(each, "kind"), "state": _coded(AttachmentState(each.state))}
            for each in page.attachments
        ],
        "notices": [_notice(each) for each in page.notices],
        "history": [_move(entry) for entry in page.timeline],
    }


def moved(application):
    """The status of ``application`` after a move."""
    return {
        "receipt_number": application.receipt_number,
        "status": _coded(Status(application.status)),
        "_links": {"application": link("application", application.receipt_number)},
    }


def number(row):
    """One PaymentInformation."""
    return {
        "reference": row.reference,
        "kind": _word(row, "kind"),
        "state": _word(row, "state"),
        "amount": row.amount,
        "count": row.count,
        "due_on": row.due_on,
        "agency_number": row.agency_number,
        "payment_number": row.payment_number,
        "confirmation_number": row.confirmation_number,
        "_links": {"self": link("payment_number", row.reference)},
    }


def event(row):
    """One ApplicationEvent, with its application and entry."""
    return {
        "number": str(row.number),
        "receipt_number": row.application.receipt_number,
        "kind": _word(row, "kind"),
        "at": localtime(row.at),
        "status": _coded(Status(row.entry.to_status)) if row.entry else None,
        "_links": {"application": link("application", row.application.receipt_number)},
    }


def link(name, *args, query=""):
    """The link of the operation ``name``."""
    address = reverse(f"api-v1:{name}", args=args)
    return {"href": f"{settings.KOSS_ORIGIN}{address}{query}"}


def _line(application, step):
    return {
        "receipt_number": application.receipt_number,
        "status": _coded(Status(application.status)),
        "status_changed_at": localtime(application.status_changed_at),
        "version": application.version,
        "procedure": _word(application, "procedure"),
        "applied_on": application.applied_on,
        "plate": application.plate,
        "chassis_number": application.chassis_number,
        "user_name": application.user_name,
        "next_step": {
            "who": _coded(Party(step.who)),
            "sentence": str(step.sentence),
            "notes": [str(note) for note in step.notes],
            "warning": str(step.warning),
            "deadline": step.deadline,
            "days_left": step.days_left,
            "acts": sorted(act.name.lower() for act in step.acts),
        },
        "_links": {
            "self": link("application", application.receipt_number),
            "portal": _portal("applications:login"),
        },
    }


def _correction(application, order):
    return {
        "ordered_at": localtime(order.at),
        "agency": _word(order, "agency"),
        "deadline": order.deadline,
        "reason": str(order.reason_in_words),
        "fields": [
            {
                "name": name,
                "label": str(correctable.label(name)),
                "value": comparing.shown(
                    application, name, correctable.value_of(application, name)
                ),
            }
            for name in order.fields
        ],
        "attachments": [_coded(AttachmentKind(kind)) for kind in order.attachments],
        "_links": {"portal": _portal("applications:correction_login")},
    }


def _payment(block):
    return {
        "kind": _coded(block.kind),
        "state": str(block.state),
        "due": block.situation is not None,
        "amount": sum(each.amount for each in block.lines),
        "due_on": block.due_on,
        "paid_on": block.paid_on,
        "agency_number": block.agency_number,
        "payment_number": block.payment_number,
        "confirmation_number": block.confirmation_number,
        "charges": [
            {"kind": str(each.kind), "amount": each.amount, "payee": str(each.payee)}
            for each in block.lines
        ],
    }


def _notice(notice):
    return {
        "kind": _coded(NoticeKind(notice.kind)),
        "agency": _word(notice, "agency"),
        "at": localtime(notice.at),
        "deadline": notice.deadline,
        "reason": str(notice.reason_in_words),
    }


def _move(entry):
    return {
        "version": entry.version,
        "at": localtime(entry.at),
        "status": _coded(Status(entry.to_status)),
        "by": _coded(Actor(entry.actor)),
        "reason": str(entry.reason_in_words),
    }


def _word(row, field):
    """The code in ``field`` of ``row``, with its word."""
    return {
        "code": str(getattr(row, field)),
        "label": str(getattr(row, f"get_{field}_display")()),
    }


def _coded(member):
    return {"code": str(member.value), "label": str(member.label)}


def _portal(name):
    return {"href": f"{settings.KOSS_ORIGIN}{reverse(name)}"}
