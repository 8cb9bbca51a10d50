"""One rule, and the form that several of them share."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, QuerySet


@dataclass(frozen=True, slots=True)
class Rule:
    """``broken()``: a QuerySet of what breaks the rule, empty where it holds."""

    name: str
    sentence: str
    broken: Callable[[], QuerySet]


def twice(rows, *fields):
    """What stands in ``fields`` more than once among ``rows``."""
    return rows.order_by().values(*fields).annotate(times=Count("*")).filter(times__gt=1)
