"""Questions in people's words, and what answers them: questions.txt."""

from pathlib import Path

from koss.portal.faq import GROUPS
from koss.portal.search import asked, index, ranking

QUESTIONS = Path(__file__).with_name("questions.txt")
_FIRST = 3
_SHARE = 0.95


def questions():
    """Pairs of what is typed and the addresses that answer it."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            typed, _bar, places = line.partition(" | ")
            yield typed, places.split()


def first(typed):
    """The addresses of the first few results from the portal's own pages."""
    there = index.of_language()
    words = asked.words_of(typed, there.known)
    return [each.url for each in ranking.ranked(typed, words, there.entries, there.known)[:_FIRST]]


def answers(url, places):
    """Whether ``url`` is one of ``places``, or a section of one that names none."""
    return url in places or url.partition("#")[0] in places


def test_nearly_all_are_answered_by_one_of_the_first_three():
    asked_for = list(questions())

    missed = [
        typed
        for typed, places in asked_for
        if not any(answers(url, places) for url in first(typed))
    ]

    assert len(asked_for) >= 150
    assert len(missed) <= len(asked_for) * (1 - _SHARE), missed


def test_every_answer_is_there():
    """An address that no entry has would never be found, and its question tell nothing."""
    urls = {entry.url for entry in index.of_language().entries}
    urls |= {url.partition("#")[0] for url in urls}

    assert [place for _typed, places in questions() for place in places if place not in urls] == []


def test_each_of_the_faq_is_found_by_its_words():
    """Asked as it stands, and by its main words alone, without grammar."""
    known = index.of_language().known
    missed = []
    for anchor, question in (pair for group in GROUPS for pair in group.questions.items()):
        main_words = " ".join(word.shown for word in asked.words_of(str(question), known))
        missed += [
            typed for typed in (str(question), main_words) if f"/faq/#{anchor}" not in first(typed)
        ]

    assert missed == []


def test_what_answers_nothing_is_not_an_answer():
    assert answers("/faq/#idle", ["/faq/"])
    assert not answers("/faq/#idle", ["/faq/#no_mail"])
