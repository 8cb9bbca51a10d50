"""What is searched, made once for each language of whole pages, and searching it."""

import threading
from typing import NamedTuple

from django.conf import settings
from django.db import connections
from django.utils import translation

from koss.portal import languages
from koss.portal.search import asked, entries, ranking
from koss.portal.search.vocabulary import Vocabulary

# Seconds; drawing the whole site takes some of them, which a start has no room for.
_STARTED_AFTER = 20
_lock = threading.Lock()
_indexes = {}


class Index(NamedTuple):
    entries: tuple
    known: Vocabulary


class Findings(NamedTuple):
    """``entries``: all, the best first. ``words``: what was looked for."""

    entries: list
    words: tuple
    known: Vocabulary

    @property
    def slips(self):
        """Pairs of what was typed and what it was taken for."""
        return [(word.shown, self.known.spelled(word.meant)) for word in self.words if word.meant]

    def shown(self, some):
        """The results of ``some`` of the entries, as a page shows them."""
        return [ranking.shown(entry, self.words, self.known) for entry in some]


def search(typed, *, now):
    """Search for what was typed, of which ``asked.LONGEST`` signs count. Two queries."""
    index = of_language()
    words = asked.words_of(typed, index.known)
    if not words:
        return Findings([], (), index.known)
    everything = [*index.entries, *entries.of_offices(), *entries.of_news(now)]
    found = ranking.ranked(typed, words, everything, index.known)
    return Findings(found, words, index.known)


def of_language():
    """The index of the language that is active; the first who asks makes it."""
    language = languages.of_pages(translation.get_language() or settings.LANGUAGE_CODE)
    if (index := _indexes.get(language)) is None:
        with _lock:
            if (index := _indexes.get(language)) is None:
                with translation.override(language):
                    made = tuple(entries.of_the_site())
                index = _indexes[language] = Index(made, Vocabulary(made))
    return index


def make_ready():
    """Have the index of every language made when the server has started and is at rest."""

    def make():
        try:
            for language in languages.of_all_pages():
                with translation.override(language):
                    of_language()
        finally:
            connections.close_all()  # in the demo its clock was asked

    timer = threading.Timer(_STARTED_AFTER, make)
    timer.name, timer.daemon = "search-index", True
    timer.start()
