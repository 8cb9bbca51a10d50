"""What staff find out about papers that other systems hold. None of it moves the application."""

from applications.models import Application, Attachment
from applications.status import Actor, Procedure, Status

_MAY_MARK = {Actor.REVIEWER}


class NotYours(Exception):
    """The actor may not say this, or the application is closed."""


def may_be_marked(application, *, actors):
    """Whether one of ``actors`` may still mark the papers of ``application``."""
    return bool(_MAY_MARK & set(actors)) and application.status not in Status.FINAL


def may_confirm_annual_tax(application, *, actors):
    """軽自動車税種別割 is looked up for 継続検査 only."""
    is_continued = application.procedure == Procedure.CONTINUED_INSPECTION
    return is_continued and may_be_marked(application, actors=actors)


def mark(attachment, state, *, actor):
    """Record that ``attachment`` is in ``state``; returns whether that was news."""
    if not may_be_marked(attachment.application, actors={actor}):
        raise NotYours
    others = Attachment.objects.filter(pk=attachment.pk).exclude(state=state)
    return bool(others.update(state=state))


def confirm_annual_tax(application, confirmed, *, actor):
    """Record the answer about 軽自動車税種別割; returns whether that was news.

    ``confirmed``: True, False, or None for "not looked up yet".
    """
    if not may_confirm_annual_tax(application, actors={actor}):
        raise NotYours
    same = Application.objects.filter(pk=application.pk, annual_tax_confirmed=confirmed)
    if same.exists():
        return False
    Application.objects.filter(pk=application.pk).update(annual_tax_confirmed=confirmed)
    return True
