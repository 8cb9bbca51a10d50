"""The mails about applications: for whom, and the facts that they tell.

Facts are codes, numbers and what people typed. ``templates/mail`` puts them into words when a mail
is sent or read, in the language of the application; at its payer's address, in the payer's.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, IntegerField, Sum, Value

from applications.life.table import lapses_into
from applications.models import Application, Charge
from applications.status import Status
from koss.ground import clock
from koss.mail import outbox
from koss.mail.outbox import Letter

# What a mail about one of many that were moved is made from.
LOOKED_AT = (
    "payer",
    "email",
    "status_email",
    "language",
    "receipt_number",
    "procedure",
    "applicant_name",
    "plate",
    "chassis_number",
)
# What the mail of the morning says in any case.
_REMINDERS = frozenset({"deadline_near", "deadline_passed"})


@dataclass(frozen=True, slots=True)
class PayersMail:
    """Where and in which language a payer reads; ``in_the_morning``: all in one mail a day."""

    address: str
    language: str
    in_the_morning: bool


# Apps that know payers add a function here: set of payers' IDs → {ID: PayersMail}.
payers_mails = []


def about(applications, template, *, now, reason="", standard_reason="", event_of=None):
    """One letter about each of ``applications`` to each of its ``addresses``.

    ``event_of``: names what happened to an application where it is not the move that led to its
    version. An address whose reader chose one mail in the morning gets no letter, unless something
    must be done today or tomorrow.
    """
    known = _known(applications)
    to = {
        application.pk: [
            address
            for address in _addresses(application, known)
            if not _can_wait(application, address, known, template, clock.day(now))
        ]
        for application in applications
    }
    owed = _owed([application for application in applications if to[application.pk]])
    return [
        Letter(
            key=":".join((template, application.receipt_number, _event(application, event_of))),
            template=template,
            to=address,
            receipt_number=application.receipt_number,
            language=_language(application, address, known),
            facts={
                "receipt_number": application.receipt_number,
                "procedure": application.procedure,
                "status": application.status,
                "lapses_into": lapses_into(application.status),
                "applicant": application.applicant_name,
                "plate": application.plate,
                "chassis_number": application.chassis_number,
                "amount": owed.get(application.pk),
                "deadline": application.deadline and application.deadline.isoformat(),
                "reason": reason,
                "standard_reason": standard_reason,
            },
        )
        for application in applications
        for address in to[application.pk]
    ]


def put_many(rows, moved, move, *, now, reason, standard_reason):
    """Queue what ``about`` would write for ``rows`` (a QuerySet), which ``move`` has just moved.

    ``moved``: the same rows as they were, with ``LOOKED_AT``. The database writes the
    mails of applications without a payer that have nothing to do by a deadline; the others are
    read, for their payer's wishes and what they owe.
    """
    is_told = move.target not in Status.PAYABLE | Status.CORRECTABLE
    if is_told:
        facts = _facts_of_many(move, reason, standard_reason)
        for address, those in _alone(rows, moved):
            outbox.put_from(those, move.mail, address, facts, F("version"), now=now)
    if not is_told or any(row.payer for row in moved):
        read = _as_moved(moved, move) if is_told else list(rows.order_by("pk"))
        said = {"now": now, "reason": reason, "standard_reason": standard_reason}
        outbox.put(about(read, move.mail, **said), now=now)


def _as_moved(moved, move):
    """Those with a payer as they are now, with no more than a mail about them needs."""
    return [
        Application(**row._asdict() | {"status": move.target, "version": row.version + 1})
        for row in moved
        if row.payer
    ]


def _alone(rows, moved):
    """(field with an address, those of ``rows`` without a payer to whom that mail goes)."""
    rows = rows.filter(payer="")
    if any(row.email and not row.payer for row in moved):
        yield "email", rows.exclude(email="")
    if any(row.status_email not in ("", row.email) and not row.payer for row in moved):
        yield "status_email", rows.exclude(status_email="").exclude(status_email=F("email"))


def _facts_of_many(move, reason, standard_reason):
    """The facts of ``about``, as expressions over applications that ``move`` has moved."""
    nothing = Value(None, output_field=IntegerField())
    return {
        "receipt_number": F("receipt_number"),
        "procedure": F("procedure"),
        "status": Value(str(move.target)),
        "lapses_into": Value(lapses_into(move.target)),
        "applicant": F("applicant_name"),
        "plate": F("plate"),
        "chassis_number": F("chassis_number"),
        "amount": nothing,
        "deadline": nothing,
        "reason": Value(reason),
        "standard_reason": Value(standard_reason),
    }


def addresses(applications):
    """{key: where its mails go} of ``applications``, each address once.

    Its own addresses, and 申請状況通知用メールアドレス of the payment user whose ID it carries, as
    it is now.
    """
    known = _known(applications)
    return {application.pk: _addresses(application, known) for application in applications}


def _known(applications):
    """{payer's ID: PayersMail} of ``applications``."""
    payers = {application.payer for application in applications} - {""}
    known = {}
    for look_up in payers_mails:
        known |= look_up(payers) if payers else {}
    return known


def _addresses(application, known):
    payers = known.get(application.payer)
    every = [*application.addresses, payers.address if payers else ""]
    return list(dict.fromkeys(filter(None, every)))


def _language(application, address, known):
    """That of the reader at ``address``: an applicant's own address speaks as they applied."""
    payers = known.get(application.payer)
    is_payers = payers and address == payers.address and address != application.email
    return payers.language if is_payers else application.language


def _can_wait(application, address, known, template, today):
    """Whether ``address`` reads of this in the mail of the next morning, early enough to act."""
    payers = known.get(application.payer)
    if payers is None or not payers.in_the_morning or address != payers.address:
        return False
    deadline = application.deadline
    is_urgent = deadline is not None and today <= deadline <= today + timedelta(days=1)
    return template in _REMINDERS or not is_urgent


def _event(application, event_of):
    return event_of(application) if event_of else str(application.version)


def _owed(applications):
    """What those of ``applications`` owe that wait for a payment, in yen: key → amount."""
    keys = [each.pk for each in applications if each.status in Status.PAYABLE]
    if not keys:
        return {}
    unpaid = Charge.objects.filter(application__in=keys).unpaid().order_by()
    return dict(unpaid.values_list("application").annotate(Sum("amount")))
