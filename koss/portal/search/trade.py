"""The words of the trade: ``trade_words.txt``, read once."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from koss.portal.search.folding import fold

_FILE = Path(__file__).with_name("trade_words.txt")


class Trade(NamedTuple):
    """All folded. ``spelled``: word → as the file has it. ``light``: words that count half.

    ``others``: word → the words that it stands for as well, in the file's order.
    ``passed_over``: words that say nothing beside another. ``grammar``: that never do.
    """

    spelled: dict[str, str]
    others: dict[str, tuple[str, ...]]
    light: frozenset[str]
    passed_over: frozenset[str]
    grammar: frozenset[str]


@cache
def words():
    return read(_FILE.read_text(encoding="utf-8"))


def read(text):
    """The Trade that ``text`` describes, as the head of ``trade_words.txt`` says."""
    spelled, found, marked = {}, {}, {"~": set(), "-": set(), ".": set()}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        mark, line = (line[0], line[1:]) if line[0] in marked else ("", line)
        same, _arrow, further = line.partition(" > ")
        if mark == ".":
            marked[mark].update(map(fold, line.split()))
            continue
        named = {fold(word): word for word in same.split()}
        spelled |= {word: named[word] for word in named if word not in spelled}
        group = list(named)
        if mark:
            marked[mark].update(group)
        leads_to = [fold(word) for word in further.split()]
        for word in group:
            others = found.setdefault(word, {})
            if mark != "-":
                others.update(dict.fromkeys(each for each in [*leads_to, *group] if each != word))
    others = {word: tuple(also) for word, also in found.items()}
    return Trade(spelled, others, *map(frozenset, marked.values()))
