"""How words are put together in the reader's language."""

from django.utils.translation import gettext as _


def listed(words):
    """One after the other: 「一、二」, "one, two"."""
    return _("、").join(map(str, words))


def dotted(words):
    """Names that belong together: 「一・二」, "one, two"."""
    return _("・").join(map(str, words))


def in_brackets(words):
    """What explains the word before it: 「（例）」, " (example)"."""
    return _("（%s）") % words
