"""The last whole look at every page: ``make accessible`` notes it, the statement tells of it.

A test finds a list that is older than the pages (tests/rules/test_accessibility.py).
"""

import json
from datetime import date
from pathlib import Path
from typing import NamedTuple

from koss.ground import dates

LIST = Path(__file__).with_suffix(".json")


class Run(NamedTuple):
    """``pages``: kinds of pages that were looked at. ``axe``, ``browser``: their versions.

    A run that finds a barrier is never written down, so none was found.
    """

    on: date
    pages: int
    axe: str
    browser: str


def last_run():
    facts = json.loads(LIST.read_text(encoding="utf-8"))
    return Run(**facts | {"on": dates.read_day(facts["on"])})
