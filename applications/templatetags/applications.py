"""How the codes that mails about applications keep are said: ``{% load applications %}``."""

from django import template

from applications.labels import Party
from applications.models import AttachmentKind
from applications.models.reasons import in_words
from applications.status import Actor, Procedure, Status

register = template.Library()


@register.filter
def procedure_name(value):
    """The official name of a Procedure."""
    return Procedure(value).label


@register.filter
def status_name(value):
    """The official name of a Status."""
    return Status(value).label


@register.filter
def who_name(value):
    """Who acts next, by the value of a Party or an Actor."""
    return Party(value).label if value in Party.values else Actor(value).label


@register.filter
def paper_name(value):
    """The official name of an AttachmentKind."""
    return AttachmentKind(value).label


@register.filter
def standard_reason(value):
    """The sentence of one of STANDARD_REASONS."""
    return in_words(value)
