"""What was typed, read into words that can be looked for.

A word is the longest that is known: to the trade, or to the pages themselves. What is not known is
first tried as a slip of a known word, and only then are shorter words taken out of it: else
自動車重量説 would be 自動車 and something odd, and never 自動車重量税.
"""

from dataclasses import dataclass

from koss.portal.search import folding
from koss.portal.search.slips import SHORTEST, near

LONGEST = 200
MOST_WORDS = 24
# How often a slip is looked for: each time the words that are known are gone through.
_MOST_SLIPS = 12
_LONGEST_WORD = 24
_PARTICLES = "ハガヲニノデトモヘカ"
_OTHER = 0.8
_PART = 0.5
_LIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling that is looked for. ``weight``: 1 for what was typed.

    ``is_stem``: a kanji that stands alone before kana, as 払 in 払う.
    """

    text: str
    weight: float
    is_stem: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """``typed``: folded. ``meant``: what it was taken for, where it was a slip, else "".

    ``shown``: as it was typed.

    ``weight``: less than 1 for what says little.
    """

    typed: str
    forms: tuple[Form, ...]
    shown: str = ""
    meant: str = ""
    weight: float = 1


def words_of(typed, known):
    """The words of ``typed``, at most ``MOST_WORDS``. ``known``: a ``vocabulary.Vocabulary``."""
    return _Reader(typed[:LONGEST], known).words()


class _Reader:
    def __init__(self, typed, known):
        self._known = known
        self._text = folding.fold(typed)
        self._kinds = [folding.kind_of(sign) for sign in self._text]
        self._typed = folding.plain(typed)
        self._hiragana = [folding.is_hiragana(sign) for sign in self._typed]
        self._found = {}
        self._slips_left = _MOST_SLIPS

    def words(self):
        place = 0
        while place < len(self._text) and len(self._found) < MOST_WORDS:
            place = self._read_at(place) if self._kinds[place] else place + 1
        found = tuple(self._found.values())
        return tuple(word for word in found if not self._known.passes_over(word.typed)) or found

    def _read_at(self, start):
        """Take what begins at ``start``; where reading goes on."""
        kind, end = self._kinds[start], self._end_of_run(start)
        known = self._longest(start)
        if known >= end - self._hiragana[start] and known > start:  # but for a last ending
            return self._take(start, known)
        if kind == "latin":
            unit = self._text[end : end + 1] if self._text[end - 1].isdigit() else ""
            return self._take_unknown(start, end + bool(unit and folding.is_kanji(unit)))
        covered = self._cover(start, end)
        if covered is None:
            slips = [(until, self._slip(start, until)) for until in self._ends_of_slips(start, end)]
            if made := [(slip.distance, -until, slip.word) for until, slip in slips if slip]:
                _distance, until, meant = min(made)
                return self._take(start, -until, meant)
            if not self._hiragana[start] and self._known.is_said(self._text[start:end]):
                return self._take_unknown(start, end)
        if known > start:
            return self._take(start, known)
        if self._hiragana[start] and (nothing := self._saying_nothing(start, end)):
            return nothing
        return self._take_unknown(start, self._end_of_unknown(start, end))

    def _end_of_run(self, start):
        """The end of what begins at ``start`` and is written in one way."""
        place, kind = start, self._kinds[start]
        hiragana = self._hiragana[start]
        while place < len(self._text) and self._kinds[place] == kind:
            if kind == "kana" and self._text[place] != "ー" and self._hiragana[place] != hiragana:
                break
            place += 1
        return place

    def _longest(self, start):
        """The end of the longest known word that begins at ``start``, or ``start``."""
        if self._kinds[start] == "latin" and start and self._kinds[start - 1] == "latin":
            return start
        for end in range(min(start + _LONGEST_WORD, len(self._text)), start + 1, -1):
            if self._text[start:end] in self._known and not self._cuts_latin(end):
                return end
        return start

    def _cuts_latin(self, end):
        around = self._kinds[end - 1 : end + 1]
        return around == ["latin", "latin"]

    def _saying_nothing(self, start, end):
        """The end of the longest that says nothing from ``start`` on, or 0."""
        # A single kana is a particle or an ending: nothing begins with it.
        begins = start == 0 or not self._kinds[start - 1]
        for until in range(min(start + _LONGEST_WORD, end), start + begins, -1):
            if self._known.says_nothing(self._text[start:until]):
                return until
        return 0

    def _cover(self, start, end):
        """The ends of known words that follow each other from ``start`` to ``end``, or None."""
        ends, place = [], start
        while place < end:
            until = self._longest(place)
            if until == place and self._hiragana[place]:
                until = self._saying_nothing(place, end) or place
            if until == place and self._is_stem(place):
                until = place + 1
            if until == place:
                return None
            ends.append(until)
            place = until
        return ends

    def _is_stem(self, place):
        """A last kanji before kana: 過 of 期限過ぎ."""
        after = self._kinds[place + 1 : place + 2]
        return self._kinds[place] == "kanji" and after == ["kana"]

    def _ends_of_slips(self, start, end):
        """Where a mistyped word may end: with the run, or in hiragana before a particle."""
        longest = min(end, start + _LONGEST_WORD)
        if longest == end:
            yield end
        if self._hiragana[start]:
            for until in range(longest - 1, start + SHORTEST - 1, -1):
                if self._saying_nothing(until, end):
                    yield until

    def _slip(self, start, end):
        """The ``slips.Slip`` that the text there is, or None."""
        typed = self._text[start:end]
        if not self._slips_left or len(typed) < SHORTEST or typed in self._known:
            return None
        self._slips_left -= 1
        return near(typed, self._known)

    def _end_of_unknown(self, start, end):
        """Where a known word or を follows, less a particle before it."""
        until = start + 1
        while until < end and self._longest(until) == until and self._text[until] != "ヲ":
            until += 1
        if self._hiragana[start] and until - start > 2 and self._text[until - 1] in _PARTICLES:
            until -= 1
        return until

    def _take(self, start, end, meant=""):
        """Keep a known word, with what else it stands for; ``meant``: where it was a slip."""
        text = meant or self._text[start:end]
        if not self._known.says_nothing(text):
            forms = {text: Form(text, 1)}
            for other in self._known.others(text):
                forms.setdefault(other, Form(other, _OTHER))
            self._keep(start, end, tuple(forms.values()), meant)
        return end

    def _take_unknown(self, start, end):
        """Keep what may stand on the portal, though nobody knows it as a word."""
        text, kind = self._text[start:end], self._kinds[start]
        if self._known.says_nothing(text) or (self._hiragana[start] and len(text) < 3):
            return end
        if len(text) == 1:
            if kind == "kanji":
                self._keep(start, end, (Form(text, 1, is_stem=True),))
            return end
        forms = (Form(text, 1),)
        if not self._known.is_said(text):
            if slip := self._slip(start, end):
                return self._take(start, end, slip.word)
            pairs = (text[at : at + 2] for at in range(len(text) - 1))
            parts = tuple(Form(pair, _PART) for pair in pairs if self._known.is_said(pair))
            forms = parts if kind == "kanji" and parts else forms
        self._keep(start, end, forms)
        return end

    def _keep(self, start, end, forms, meant=""):
        typed = self._text[start:end]
        weight = _LIGHT if self._known.is_light(meant or typed) else 1
        shown = self._typed[start:end]
        self._found.setdefault(typed, Word(typed, forms, shown, meant, weight))
