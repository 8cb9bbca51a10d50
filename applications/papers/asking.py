"""Asking outside systems for the papers of an application: at once, then with growing waits.

Every paper has a row of its own with the moment of the next question, so a round that is killed,
doubled or skipped asks again and notes the same. The answer is written under the application's
lock; what staff have marked meanwhile stays.
"""

import logging
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django_tasks import task

from applications.life import feed, letters, moves
from applications.models import (
    Application,
    Attachment,
    AttachmentKind,
    AttachmentState,
    ChangeKind,
    PaperSearch,
)
from applications.papers import near, sources
from applications.status import Procedure, Status
from koss.ground import clock
from koss.mail import outbox

logger = logging.getLogger(__name__)

# The waits after the first, second, … question; after the last one staff go on by hand.
WAITS = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 360, 720, 1440, 1440, 1440))
_ROUND = 100


def begin(application, *, now):
    """Plan the first question for every missing paper of a new ``application``."""
    if sources.current() is None or application.status in Status.FINAL:
        return
    _plan(application, now)
    _ask_for_annual_tax_of(application)


def begin_again(application, changed, *, now):
    """Plan anew what depends on the fields ``changed`` of a corrected ``application``.

    What a system said about the number that stood there before is forgotten.
    """
    if sources.current() is None:
        return
    if changed & {"chassis_number", "reservation_number"}:
        searches = PaperSearch.objects.filter(
            attachment__application=application, attachment__state=AttachmentState.MISSING
        )
        if "chassis_number" not in changed:
            searches = searches.filter(attachment__kind=AttachmentKind.PLATE_RESERVATION)
        searches.update(hints=[], tries=0, asked_at=None, next_at=now)
        _plan(application, now)
    if "plate" in changed:
        _ask_for_annual_tax_of(application)


def _plan(application, now):
    """The first question for every missing paper that was not asked for yet."""
    missing = application.attachments.filter(state=AttachmentState.MISSING)
    PaperSearch.objects.bulk_create(
        [PaperSearch(attachment=each, next_at=now) for each in missing], ignore_conflicts=True
    )
    ask_for_papers.enqueue(application_id=application.pk)


@task()
def ask_for_papers(application_id):
    """The first round for one application."""
    if sources.current() is not None:
        now = clock.now()
        _ask_for(PaperSearch.objects.filter(attachment__application=application_id), now=now)


def ask_due(*, now):
    """Ask for everything whose moment has come; returns how many were asked for."""
    if sources.current() is None:
        return 0
    return _ask_for(PaperSearch.objects.order_by("next_at"), now=now)


def _ask_for_annual_tax_of(application):
    if application.procedure == Procedure.CONTINUED_INSPECTION and application.plate:
        ask_for_annual_tax.enqueue(
            application_id=application.pk, tries=0, said=application.annual_tax_confirmed
        )


@task()
def ask_for_annual_tax(application_id, tries, said):
    """Ask whether 軽自動車税種別割 is paid, and again with the same waits until it is.

    ``said``: what the round before has left. What staff have marked since then stays.
    """
    application = Application.objects.filter(pk=application_id).first()
    if application is None or sources.current() is None or application.status in Status.FINAL:
        return
    paid = _answer(lambda source: source.annual_tax(application.plate), f"tax of {application_id}")
    with transaction.atomic():
        locked = moves.lock(application)
        if locked.annual_tax_confirmed != said or locked.plate != application.plate:
            return
        if isinstance(paid, bool) and paid != said:
            Application.objects.filter(pk=application_id).update(annual_tax_confirmed=paid)
            feed.note([locked], ChangeKind.PAPERS, now=clock.now())
            said = paid
        if not said and tries < len(WAITS):
            later = ask_for_annual_tax.using(run_after=clock.system_now() + WAITS[tries])
            later.enqueue(application_id=application_id, tries=tries + 1, said=said)


def _ask_for(searches, *, now):
    """A system that does not answer is not asked for anything else in the same round."""
    asked, away = 0, set()
    due = searches.filter(next_at__lte=now).select_related("attachment__application")
    for search in due[:_ROUND]:
        attachment = search.attachment
        if attachment.kind in away:
            continue
        number = attachment.application.chassis_number
        found = _answer(
            lambda source, kind=attachment.kind, number=number: source.find(kind, number),
            f"paper {attachment.pk}",
        )
        if found is None:
            away.add(attachment.kind)
        _note(search, found, number, now=now)
        asked += 1
    return asked


def _answer(question, what):
    """What the system says to ``question``, or None. A broken answer keeps no other one back."""
    try:
        return question(sources.current())
    except sources.SourceAway as error:
        logger.info("%s: %s", what, error)
    except Exception:
        logger.exception("%s", what)
    return None


@transaction.atomic
def _note(search, found, chassis_number, *, now):
    """Write down what was answered to the question about ``chassis_number``; None: nothing was."""
    planned = search.next_at
    application = moves.lock(search.attachment.application)
    search = PaperSearch.objects.select_related("attachment").get(pk=search.pk)
    attachment = search.attachment
    if search.next_at != planned or application.chassis_number != chassis_number:
        return  # another worker was quicker, or the number was corrected: the next round asks anew
    over = application.status in Status.FINAL or attachment.state != AttachmentState.MISSING
    is_first_answer = found is not None and search.asked_at is None
    if found is not None:
        search.asked_at = now
    search.tries += 1
    if found and found.number and not over:
        Attachment.objects.filter(pk=attachment.pk).update(state=AttachmentState.OBTAINED)
        search.number, search.hints, search.next_at = found.number, [], None
        feed.note([application], ChangeKind.PAPERS, now=now)
    else:
        gone = over or search.tries > len(WAITS)
        search.next_at = None if gone else now + WAITS[search.tries - 1]
        if found and not over:
            search.hints = near.hints(chassis_number, found.near)
            if is_first_answer:
                _tell(application, search, now)
    search.save(update_fields=["number", "hints", "tries", "asked_at", "next_at"])


def _tell(application, search, now):
    """After the first answer without a match the applicant is told at once."""
    kind = search.attachment.kind
    event = f"{application.version}:paper:{kind}"
    facts = {"paper": kind, "hints": search.hints}
    written = letters.about(
        [application], "paper_missing", now=now, event_of=lambda _application: event
    )
    outbox.put([replace(each, facts=each.facts | facts) for each in written], now=now)
