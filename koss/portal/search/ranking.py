"""Which entries answer what was typed, the best first, and what of them is shown."""

import math
import re
from typing import NamedTuple

from koss.portal.search import folding
from koss.portal.search.entries import EntryKind

# What is much worse than the best is left out: how much a good answer gets depends on the words.
_LEAST_OF_BEST = 0.3
_TITLE, _BESIDE, _TEXT = 3.0, 0.6, 1.0
_USUAL_LENGTH = 160
_ABOUT = 110
_KINDS = {EntryKind.QUESTION: 1.15, EntryKind.ENTRANCE: 0.95, EntryKind.NEWS: 0.9}
_MEANING = re.compile("トハ[?？]?$|ッテ何|トハ何|ノ意味|意味")


class Piece(NamedTuple):
    text: str
    is_found: bool


class ShownEntry(NamedTuple):
    """``title`` and ``excerpt``: pieces, of which some are what was looked for."""

    entry: object
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


def ranked(typed, words, entries, known):
    """The entries that answer ``words``, the best first."""
    everything = "\n".join(entry.anywhere for entry in entries)
    forms = [[form for form in word.forms if form.text in everything] for word in words]
    strengths = [[_strength(these, entry, known) for entry in entries] for these in forms]
    weights = [_rarity(row) * word.weight for word, row in zip(words, strengths, strict=True)]
    whole = sum(weights) or 1
    wants_meaning = bool(_MEANING.search(folding.fold(typed).strip()))
    scored = []
    for place, entry in enumerate(entries):
        found = [(weight, row[place]) for weight, row in zip(weights, strengths, strict=True)]
        score = sum(weight * strength for weight, strength in found)
        if score:
            share = sum(weight for weight, strength in found if strength) / whole
            kind = _KINDS.get(entry.kind, 1)
            if wants_meaning and entry.kind is EntryKind.TERM:
                kind = 1.5
            scored.append((score * share * kind, -place, entry))
    scored.sort(reverse=True, key=lambda each: each[:2])
    best = scored[0][0] if scored else 0
    return [entry for score, _place, entry in scored if score >= best * _LEAST_OF_BEST]


def shown(entry, words, known):
    """The ShownEntry of ``entry``: its title, and what is around the words it was found by."""
    forms = [form for word in words for form in word.forms if form.text in entry.anywhere]
    return ShownEntry(
        entry,
        _pieces(entry.title, forms, known),
        _pieces(*_excerpt(entry.text, forms, known)),
    )


def _strength(forms, entry, known):
    """How much ``entry`` is about a word: of its ``forms`` the best counts."""
    best = 0
    for form in forms:
        if form.text not in entry.anywhere:
            continue
        in_title = bool(_places(form, entry.in_title, known))
        in_text = len(_places(form, entry.in_text, known))
        strength = 0.0
        if in_title:
            strength = _TITLE * (0.6 + 0.4 * len(form.text) / len(entry.in_title))
        elif _places(form, entry.beside, known):
            strength = _BESIDE
        if in_text:
            length = 0.5 + 0.5 * len(entry.in_text) / _USUAL_LENGTH
            strength += _TEXT * 2 * in_text / (in_text + length)
        best = max(best, strength * form.weight)
    return best * entry.weight


def _rarity(strengths):
    """What a word weighs: one that stands everywhere tells nothing apart."""
    found = sum(1 for strength in strengths if strength)
    return math.log(1 + (len(strengths) - found + 0.5) / (found + 0.5)) if found else 0.5


def _places(form, text, known):
    """Where ``form`` stands in the folded ``text``."""
    if form.text not in text:
        return []
    found, at = [], text.find(form.text)
    while at >= 0:
        if _stands(form, text, at, at + len(form.text), known):
            found.append(at)
        at = text.find(form.text, at + 1)
    return found


def _stands(form, text, start, end, known):
    """Whether it is the word there, and no piece of another."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if form.is_stem:
        return not (before and folding.is_kanji(before)) and after and folding.is_kana(after)
    if folding.is_latin(form.text[0]) and before and folding.is_latin(before):
        return False
    if folding.is_latin(form.text[-1]) and after and folding.is_latin(after):
        return len(form.text) > 3
    # 車検 is no part of 自動車検査証.
    is_pair = len(form.text) == 2 and all(map(folding.is_kanji, form.text))
    if is_pair and before and folding.is_kanji(before) and after and folding.is_kanji(after):
        return text[end - 1 : end + 1] not in known
    return True


def _excerpt(text, forms, known):
    """A piece of ``text`` with as many of ``forms`` as fit, and those forms."""
    if len(text) <= _ABOUT:
        return text, forms, known
    folded, places = folding.fold_with_places(text)
    found = sorted({places[at] for form in forms for at in _places(form, folded, known)})
    if not found:
        return f"{text[:_ABOUT]}…", forms, known
    start = max(found, key=lambda at: (sum(at <= each < at + _ABOUT - 20 for each in found), -at))
    begins = max(text.rfind("。", 0, start), text.rfind(" ", 0, start)) + 1
    if start - begins > 40:
        begins = start - 20
    if len(text) - begins < _ABOUT:
        begins = len(text) - _ABOUT
    ends = min(begins + _ABOUT, len(text))
    cut = text[begins:ends].strip()
    return f"{'…' if begins > 0 else ''}{cut}{'…' if ends < len(text) else ''}", forms, known


def _pieces(text, forms, known):
    """``text`` cut into what was looked for and what stands between."""
    folded, places = folding.fold_with_places(text)
    is_found = [False] * len(text)
    for form in forms:
        for at in _places(form, folded, known):
            for place in range(places[at], places[at + len(form.text)]):
                is_found[place] = True
    pieces, start = [], 0
    for place in range(1, len(text) + 1):
        if place == len(text) or is_found[place] != is_found[start]:
            pieces.append(Piece(text[start:place], is_found[start]))
            start = place
    return tuple(pieces)
