"""Which words are known: those of the trade, those in titles, and those that the pages use."""

import re
from collections import defaultdict
from itertools import chain

from koss.portal.search import trade
from koss.portal.search.folding import fold

_LONGEST = 24
# Runs of one writing, of the text as it is shown: hiragana alone is mostly grammar.
_RUNS = re.compile("[一-鿿々〆]{2,12}|[ァ-ヺー]{3,16}|[A-Za-z][A-Za-z0-9]+")
_SIGNS = re.compile(r"[\W_]+")


class Vocabulary:
    """The words that ``entries`` and the trade know, in the spelling of ``fold``."""

    def __init__(self, entries):
        self._trade = trade.words()
        self._spelled = dict(self._trade.spelled)
        self._all = "\n".join(entry.anywhere for entry in entries)
        for entry in entries:
            self._add_names(entry)
            for text in (entry.title, entry.text):
                for run in _RUNS.findall(text):
                    self._spelled.setdefault(fold(run), run)
        self._by_length = defaultdict(list)
        for word in sorted(self._spelled):
            self._by_length[len(word)].append(word)

    def __contains__(self, word):
        return word in self._spelled

    def spelled(self, word):
        """``word`` as it is shown to people."""
        return self._spelled[word]

    def others(self, word):
        """The words that ``word`` stands for as well."""
        return self._trade.others.get(word, ())

    def is_light(self, word):
        """Whether ``word`` says little."""
        return word in self._trade.light

    def passes_over(self, word):
        """Whether ``word`` says nothing beside another."""
        return word in self._trade.passed_over

    def says_nothing(self, word):
        return word in self._trade.grammar

    def of_length(self, least, most):
        return chain.from_iterable(self._by_length[length] for length in range(least, most + 1))

    def is_said(self, text):
        """Whether ``text`` stands anywhere on the portal."""
        return text in self._all

    def _add_names(self, entry):
        """Its title, and its reading, whole."""
        for name in (entry.title, entry.also):
            plain = _SIGNS.sub("", name)
            if 2 <= len(plain) <= _LONGEST:
                self._spelled.setdefault(fold(plain), plain)
