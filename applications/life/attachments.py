"""What staff find out about papers that other systems hold. None of it moves the application."""

from django.db import transaction

from applications.life import feed
from applications.models import (
    Application,
    Attachment,
    AttachmentState,
    ChangeKind,
    PartialReview,
)
from applications.status import Actor, Procedure, Status

_MAY_MARK = {Actor.REVIEWER}


class MayNotMark(Exception):
    """The actor may not say this, or the application is closed."""


def may_be_marked(application, *, actors):
    """Whether one of ``actors`` may still mark the papers of ``application``."""
    return bool(_MAY_MARK & set(actors)) and application.status not in Status.FINAL


def may_confirm_annual_tax(application, *, actors):
    """軽自動車税種別割 is looked up for 継続検査 only."""
    is_continued = application.procedure == Procedure.CONTINUED_INSPECTION
    return is_continued and may_be_marked(application, actors=actors)


def missing(application):
    """Names of what a review would pass without: papers not obtained, a partial review not done."""
    papers = application.attachments.filter(state=AttachmentState.MISSING)
    names = [paper.get_kind_display() for paper in papers]
    if application.partial_review == PartialReview.TO_DO:
        names.append(Application._meta.get_field("partial_review").verbose_name)
    return names


def incomplete(applications):
    """The keys of those of ``applications`` (a list) of which ``missing`` names something."""
    papers = Attachment.objects.filter(application__in=applications, state=AttachmentState.MISSING)
    keys = set(papers.values_list("application", flat=True))
    to_do = {each.pk for each in applications if each.partial_review == PartialReview.TO_DO}
    return keys | to_do


@transaction.atomic
def mark(attachment, state, *, actor, now):
    """Record that ``attachment`` is in ``state``; returns whether that was news."""
    if not may_be_marked(attachment.application, actors={actor}):
        raise MayNotMark
    others = Attachment.objects.filter(pk=attachment.pk).exclude(state=state)
    if not others.update(state=state):
        return False
    feed.note([attachment.application], ChangeKind.PAPERS, now=now)
    return True


@transaction.atomic
def confirm_annual_tax(application, confirmed, *, actor, now):
    """Record the answer about 軽自動車税種別割; returns whether that was news.

    ``confirmed``: True, False, or None for "not looked up yet".
    """
    if not may_confirm_annual_tax(application, actors={actor}):
        raise MayNotMark
    same = Application.objects.filter(pk=application.pk, annual_tax_confirmed=confirmed)
    if same.exists():
        return False
    Application.objects.filter(pk=application.pk).update(annual_tax_confirmed=confirmed)
    feed.note([application], ChangeKind.PAPERS, now=now)
    return True
