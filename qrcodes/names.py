"""受取者名（証明書等管理業者名）: which names can be typed. Never converted, compared as it stands.

The manual 二次元コード発行の操作手順, part 2: full-width; a scrivener adds the eight digits of the
registration number in brackets, which keeps namesakes apart.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

LONGEST = 100
_SCRIVENER = "行政書士"
_NUMBERED = re.compile("（[０-９]{8}）$")
# East Asian widths that a Japanese font draws over the whole width.
_FULL_WIDTH = {"W", "F", "A"}


class NotAName(ValueError):
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
    if any(_is_narrow(character) for character in typed):
        raise NotAName(_("受取者名は、空白や数字、括弧も含めて、すべて全角で入力してください。"))
    if not all(_can_be_typed(character) for character in typed):
        raise NotAName(_("受取者名に使用できない文字が含まれています。"))
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


def _is_narrow(character):
    return unicodedata.east_asian_width(character) not in _FULL_WIDTH


def _can_be_typed(character):
    """No marks that change the sign before them, nothing invisible."""
    return character == "　" or unicodedata.category(character)[0] in "LNPS"
