"""What names, addresses and kana on an application may be, beyond ``koss.ground.text``."""

import unicodedata

from django.utils.translation import gettext_lazy

from applications.intake.official_tables import OFFICES
from koss.ground import text

PREFECTURES = tuple(dict.fromkeys(area for area, _names in OFFICES))
# The usual substitutes for characters of names that JIS X 0208 does not hold and NFKC leaves alone.
_SUBSTITUTES = str.maketrans(
    {
        "\u9ad9": "高",
        "\ufa11": "崎",
        "\ufa10": "塚",
        "\u6801": "柳",
        "\u6ff5": "浜",
        "\u5fb7": "徳",
        "\U00020bb7": "吉",
        "\u7028": "瀬",
        "\u69d7": "橋",
        "\u66fb": "昇",
        "\u6852": "桑",
    }
)


def read_address(typed):
    """An address in one line that begins with its prefecture. Raises text.Unreadable."""
    address = text.read_address(typed)
    if address and prefecture_of(address) is None:
        raise text.Unreadable(
            gettext_lazy("%(label)sは都道府県から入力してください。例：東京都品川区…")
        )
    return address


def high_level(typed):
    """The characters of ``typed`` that are 高水準文字, each once: those outside JIS X 0208."""
    return [sign for sign in dict.fromkeys(typed) if not _is_plain(sign)]


def substituted(typed):
    """``typed`` with the usual substitute for each 高水準文字 that has one."""
    return "".join(sign if _is_plain(sign) else _substitute(sign) for sign in typed)


def prefecture_of(address):
    """The prefecture with which ``address`` begins, or None."""
    return next((each for each in PREFECTURES if address.startswith(each)), None)


def base_address(answers):
    """使用の本拠の位置 as the draft's ``answers`` say it, "" where they do not yet."""
    base = answers.get("base", {})
    if base.get("same") == "no":
        return base.get("base_address", "")
    return answers.get("address", {}).get("address", "")


def _is_plain(sign):
    if ord(sign) < 0x80:
        return True
    try:
        sign.encode("euc_jp")
    except UnicodeEncodeError:
        return False
    # EUC-JP also holds JIS X 0212, in three bytes.
    return len(sign.encode("euc_jp")) < 3


def _substitute(sign):
    plain = sign.translate(_SUBSTITUTES)
    if plain == sign:
        plain = unicodedata.normalize("NFKC", sign)
    return plain
