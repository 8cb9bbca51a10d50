"""Where two texts differ, so that a reader sees it at once."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Difference:
    """A value before and after. ``was`` and ``became``: pieces of both as (text, differs)."""

    before: str
    after: str
    was: list
    became: list

    @property
    def changed(self):
        return self.before != self.after


def between(before, after, *, whole=False):
    """The Difference of two values. ``whole``: they differ as one, not letter by letter."""
    before, after = str(before), str(after)
    if whole and before != after:
        pieces = [[(text, True)] if text else [] for text in (before, after)]
        return Difference(before, after, *pieces)
    was, became = [], []
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if i < j:
            was.append((before[i:j], what != "equal"))
        if k < m:
            became.append((after[k:m], what != "equal"))
    return Difference(before, after, was, became)
