"""Numbers one slip away from another, shown so that they give no stranger's number away."""

_MOST = 5


def masked(typed: str, known: str) -> str:
    """``known`` with every sign hidden that is not the same in ``typed``: AX01-00●0001."""
    return "".join(k if k == t else "●" for t, k in zip(typed, known, strict=True))


def hints(typed: str, near) -> list[str]:
    """The masked forms of those of ``near`` that are one slip away, each once.

    Whatever else a system hands out is dropped: more of it would be told than was typed.
    """
    shown = (masked(typed, known) for known in near if is_one_slip(typed, known))
    return list(dict.fromkeys(shown))[:_MOST]


def is_one_slip(typed: str, known: str) -> bool:
    """Whether one sign differs, or two neighbours are swapped."""
    if len(typed) != len(known):
        return False
    places = [n for n, (t, k) in enumerate(zip(typed, known, strict=True)) if t != k]
    if len(places) == 2:
        first, second = places
        swapped = typed[first] + typed[second] == known[second] + known[first]
        return swapped and second == first + 1
    return len(places) == 1
