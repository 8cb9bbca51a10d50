"""Words that were mistyped: one slip in a word of four signs, two from eight on."""

from typing import NamedTuple

SHORTEST = 4
_FOR_TWO = 8


class Slip(NamedTuple):
    """``distance``: how many slips lead to ``word``."""

    distance: int
    word: str


def near(typed, known):
    """The nearest known word as a Slip, or None. ``known``: has ``of_length``."""
    if len(typed) < SHORTEST:
        return None
    most = 2 if len(typed) >= _FOR_TWO else 1
    best, signs = None, frozenset(typed)
    for word in known.of_length(max(len(typed) - most, SHORTEST), len(typed) + most):
        if len(signs.difference(word)) > most:  # spares most words the whole comparison
            continue
        distance = slips_between(typed, word, most)
        if distance <= most:
            best, most = Slip(distance, word), distance - 1
    return best


def slips_between(one, other, most):
    """Signs left out, added, changed or swapped with the next; ``most`` + 1 for more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, row = [], list(range(len(other) + 1))
    for place, sign in enumerate(one, start=1):
        above, before, row = before, row, [place]
        for at, wanted in enumerate(other, start=1):
            least = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (sign != wanted))
            is_swapped = at > 1 and place > 1 and (one[place - 2], sign) == (wanted, other[at - 2])
            row.append(min(least, above[at - 2] + 1) if is_swapped else least)
        if min(row) > most and min(before) > most:
            return most + 1
    return row[-1]
