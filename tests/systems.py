"""Outside systems in memory: the module of ``settings.KOSS_PAPERS`` in tests.

The fixture ``systems`` gives the test the ``StandIn`` behind it, which knows no paper at first.
"""

from dataclasses import dataclass, field

import pytest

from applications.papers.sources import PaperAnswer, SourceAway


@dataclass
class StandIn:
    """``papers``: (kind, 車台番号) → number. ``near``: what is offered where nothing matches.

    ``away``: kinds whose system does not answer. ``broken``: an answer that nobody expects.
    ``paid``: of 軽自動車税種別割; an exception is raised. ``asked``: every question, in order.
    """

    papers: dict = field(default_factory=dict)
    near: tuple = ()
    away: set = field(default_factory=set)
    broken: Exception | None = None
    paid: object = True
    asked: list = field(default_factory=list)


_here = StandIn()


@pytest.fixture
def systems(settings):
    global _here
    settings.KOSS_PAPERS = __name__
    _here = StandIn()
    return _here


def find(kind, chassis_number):
    _here.asked.append((kind, chassis_number))
    if _here.broken:
        raise _here.broken
    if kind in _here.away:
        raise SourceAway(kind)
    number = _here.papers.get((kind, chassis_number), "")
    return PaperAnswer(number, () if number else _here.near)


def annual_tax(plate):
    _here.asked.append(("annual_tax", plate))
    if isinstance(_here.paid, Exception):
        raise _here.paid
    return _here.paid
