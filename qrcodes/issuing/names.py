"""受取者名（証明書等管理業者名）: which names can be typed. Never converted, compared as it stands.

【一括申請】二次元コード発行の操作手順, 2: full-width; a scrivener adds the eight digits of the
registration number in brackets, which keeps namesakes apart.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

from koss.ground.text import Unreadable, is_invisible, is_picture, refuse, sign_name

LONGEST = 100
_SCRIVENER = "行政書士"
_NUMBERED = re.compile("（[０-９]{8}）$")
# East Asian widths that a Japanese font draws over the whole width.
_FULL_WIDTH = {"W", "F", "A"}


class NotAName(Unreadable):
    """No receiver can have this name; the text says why, in Japanese."""


def read_receiver_name(typed: str) -> str:
    """``typed`` unchanged, or NotAName.

    Spaces at either end count: a form must not strip them away before.
    """
    if not typed:
        raise NotAName(_("受取者名を入力してください。"))
    if len(typed) > LONGEST:
        raise NotAName(
            _("受取者名は%(longest)s文字以内で入力してください。") % {"longest": LONGEST}
        )
    for character in typed:
        if is_invisible(character):
            raise _refused(character)
    if any(_is_narrow(character) for character in typed):
        raise NotAName(_("受取者名は、空白や数字、括弧も含めて、すべて全角で入力してください。"))
    for character in typed:
        if not _can_be_typed(character):
            raise _refused(character)
    if typed != typed.strip():
        raise NotAName(_("受取者名の前後にある空白を取り除いてください。"))
    if _SCRIVENER in typed and not _NUMBERED.search(typed):
        raise NotAName(
            _(
                "行政書士または行政書士法人の場合は、受取者名のすぐ後ろに、"
                "行政書士個人の登録番号8桁を全角の括弧で囲んで入力してください。"
                "例：（１２３４５６７８）"
            )
        )
    return typed


def _refused(character):
    return NotAName(refuse(character).sentence, sign=sign_name(character))


def _is_narrow(character):
    return unicodedata.east_asian_width(character) not in _FULL_WIDTH


def _can_be_typed(character):
    """No marks that change the sign before them, no emoji."""
    is_plain = unicodedata.category(character)[0] in "LNPS" and not is_picture(character)
    return character == "　" or is_plain
