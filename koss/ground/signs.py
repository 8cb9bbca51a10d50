"""Which signs are text: everything but control signs, surrogates and what stands for no sign.

PostgreSQL keeps no NUL, UTF-8 writes no surrogate, and XML knows no control signs: one that is
stored breaks a page, a feed or a mail later, for everybody.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Controls (C0, DEL, C1), surrogates, and U+FFFD, which a decoder writes for what it cannot read.
_NO_TEXT = r"\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd" + "".join(
    rf"\U{plane << 16 | 0xFFFE:08x}\U{plane << 16 | 0xFFFF:08x}" for plane in range(17)
)
_NO_LINE = re.compile(f"[{_NO_TEXT}]")
_NO_LINES = re.compile(rf"(?![\t\n\r])[{_NO_TEXT}]")


def is_text(text, *, lines=False):
    """Whether ``text`` consists of signs only. ``lines``: it may have tabs and ends of lines."""
    return not (_NO_LINES if lines else _NO_LINE).search(text)


def without(text):
    """``text``, which may have lines, without what is no sign."""
    return _NO_LINES.sub("", text)


def require_text(text):
    """For forms and models: ValidationError unless ``text``, which may have lines, is text."""
    if not is_text(text, lines=True):
        raise ValidationError(_("使用できない制御文字が入っています。取り除いてください。"))
