"""Searching the admin's lists: one base that bounds, folds, and says what can be searched for.

A list declares what it is searched by (``StaffAdmin.searches``). Each kind makes a condition of
what was typed, or None where that cannot mean this kind. Exact kinds come first: only what none
of them can be is looked for inside names and words.
"""

import unicodedata

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koss.ground import numbers, text, variants

LONGEST = 100
MOST_WORDS = 10


def fault_of(typed):
    """Why ``typed`` is not searched for, as a sentence, or None."""
    label = _("検索する言葉")
    if len(typed) > LONGEST:
        return _("%(label)sは%(limit)s文字以内で入力してください。") % {
            "label": label,
            "limit": LONGEST,
        }
    if len(typed.split()) > MOST_WORDS:
        return _("%(label)sは%(limit)s語以内で入力してください。") % {
            "label": label,
            "limit": MOST_WORDS,
        }
    return None


def narrow(rows, searches, typed):
    """Those of ``rows`` (a QuerySet) that ``typed`` can mean."""
    for kinds in (
        [kind for kind in searches if kind.is_exact],
        [kind for kind in searches if not kind.is_exact],
    ):
        conditions = [kind.condition(typed) for kind in kinds]
        if known := [condition for condition in conditions if condition is not None]:
            return rows.filter(_any(known))
    return rows.none()


def _any(conditions):
    whole = Q()
    for condition in conditions:
        whole |= condition
    return whole


class Found:
    """By a function of the room: from what was typed to a condition, or None."""

    is_exact = True

    def __init__(self, what, condition):
        self.what = what
        self.condition = condition


class Exact:
    """By a value as it is kept. ``read``: from what was typed to it; ValueError: it is none."""

    is_exact = True

    def __init__(self, what, *paths, read):
        self.what = what
        self.paths = paths
        self.read = read

    def condition(self, typed):
        try:
            value = self.read(typed)
        except ValueError:
            return None
        return _any(Q(**{path: value}) for path in self.paths)


class ReceiptNumber(Exact):
    """By the whole 受付番号, in any spelling."""

    def __init__(self, path):
        super().__init__(
            gettext_lazy("受付番号（空白・ハイフン・全角も可）"),
            path,
            read=lambda typed: numbers.read_digits(typed, numbers.RECEIPT_NUMBER_LENGTH),
        )


class Names:
    """By any part of a name, through the stored key; of several words each must be there."""

    is_exact = False

    def __init__(self, what, path):
        self.what = what
        self.path = path

    def condition(self, typed):
        words = [word for word in text.read_words(typed) if variants.key(word)]
        if not words:
            return None
        whole = Q()
        for word in words:
            whole &= Q(**{f"{self.path}__finds": word})
        return whole


class Words:
    """By words inside columns of a short table; each must be in one of them, in either width."""

    is_exact = False

    def __init__(self, what, *paths):
        self.what = what
        self.paths = paths

    def condition(self, typed):
        whole = Q()
        for word in typed.split():
            spellings = {word, *text.read_words(word)}
            whole &= _any(
                Q(**{f"{path}__icontains": spelling})
                for path in self.paths
                for spelling in spellings
            )
        return whole


class Mail(Words):
    """By a mail address or a part of it that has an @."""

    is_exact = True

    def condition(self, typed):
        return super().condition(typed) if "@" in unicodedata.normalize("NFKC", typed) else None


def shortened(typed):
    """As much of ``typed`` as a page shows again; of what is too long a piece that still is."""
    return typed if len(typed) <= LONGEST else f"{typed[:LONGEST]}…"
