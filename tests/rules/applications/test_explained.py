"""The page of statuses says what the two tables say, all of it."""

import re

import pytest

from applications.life import conditions as c
from applications.life.table import TABLE
from applications.status import Status
from applications.status_page import explained
from applications.status_page.next_step import ROWS, Circumstance


def unsaid(moves):
    """Conditions of ``moves`` without words for people."""
    return {
        c.says(each)
        for move in moves
        if move.when
        for each in c.parts_of(move.when)
        if each not in explained.ONLY_WHEN
    }


def test_every_condition_has_words():
    conditions = {row.condition for row in ROWS}

    assert unsaid(TABLE) == set()
    assert conditions - set(explained.WHEN) == {Circumstance.ANY}


def test_a_planted_condition_without_words_is_found(monkeypatch):
    monkeypatch.delitem(explained.ONLY_WHEN, c.fees_paid)

    assert unsaid(TABLE) == {"all fees paid"}


@pytest.mark.parametrize("each", explained.every_status(), ids=lambda each: each.status.value)
def test_a_status_says_who_acts_and_what_comes_next(each):
    targets = [move.target for move in TABLE if move.source == each.status]

    assert each.steps
    assert [move.target for move in each.moves] == targets
    assert (not targets) == (each.status in Status.FINAL)
    said = [each.meaning, *(step.sentence for step in each.steps)]
    assert not any(re.search(r"%\(|「」|（）", str(text)) for text in said)
