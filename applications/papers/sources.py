"""What an outside system is to the portal: one module that offers the two functions below.

``find(kind, chassis_number) -> PaperAnswer``: the paper's number, or "" with the numbers that the
system knows and that are one slip away. ``annual_tax(plate) -> bool | None``: whether
軽自動車税種別割 is paid, None where the system cannot say. Both raise SourceAway, and are called
outside transactions.
"""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings

# No number of a paper or a vehicle is longer.
LONGEST = 40


class SourceAway(Exception):
    """The system did not answer; the same question makes sense later."""


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """``number``: of the paper, "" where there is none. ``near``: chassis numbers one slip away.

    Raises SourceAway for texts that no such number can be.
    """

    number: str = ""
    near: tuple[str, ...] = ()

    def __post_init__(self):
        for each in (self.number, *self.near):
            if not (isinstance(each, str) and len(each) <= LONGEST and each.isprintable()):
                raise SourceAway("an answer that cannot be read")


def current():
    """The module named by ``KOSS_PAPERS``, or None where nobody is asked."""
    return import_module(settings.KOSS_PAPERS) if settings.KOSS_PAPERS else None
