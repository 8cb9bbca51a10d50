"""How the codes that rows and mails of payments keep are said: ``{% load payments %}``."""

from django import template

from payments.models import NumberKind
from payments.numbers import failures

register = template.Library()

register.filter("failure_words", failures.words)


@register.filter
def number_kind(value):
    """The official name of a NumberKind."""
    return NumberKind(value).label
