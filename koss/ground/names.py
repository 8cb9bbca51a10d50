"""What the portal, its operator and the hours of its help are called, in the reader's language."""

from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import get_language


def in_words(setting):
    """The value of ``setting``, or in English that of ``setting`` with ``_EN``."""
    english = get_language() == "en"
    return getattr(settings, f"{setting}_EN" if english else setting)


class _Name:
    """Read anew each time it is shown."""

    def __init__(self, setting):
        self._setting = setting

    def __str__(self):
        return in_words(self._setting)


PORTAL_NAME = lazystr(_Name("KOSS_PORTAL_NAME"))
