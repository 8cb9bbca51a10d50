"""How the codes that rows and mails of payments keep are said: ``{% load payments %}``."""

from django import template

from koss.ground.joining import listed
from payments.models import NumberKind, Scope
from payments.numbers import failures

register = template.Library()

register.filter("failure_words", failures.words)


@register.filter
def number_kind(value):
    """The official name of a NumberKind."""
    return NumberKind(value).label


@register.filter
def scope_words(values):
    """What an API key with these codes of Scope may be used for."""
    return listed(scope.label for scope in Scope if scope in values)
