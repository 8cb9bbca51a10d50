"""Reading what people type: one reader for each kind of text.

A reader takes what was typed and returns what is kept, or raises Unreadable, which names the sign
that cannot stay. What means the same is folded (half-width kana, odd spaces, line ends); what
cannot be seen or sent is refused everywhere: controls, signs that turn the writing direction or
have no width, halves of characters, private and unassigned signs. Emoji are refused in names.

Names are never normalised as a whole: NFC and NFKC would turn 神 (U+FA19) into another character.
"""

import re
import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koss.ground.joining import in_brackets

# Every way to end a line, and what is kept.
_LINE_ENDS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_NARROW_KANA = re.compile("[\uff61-\uff9f]+")
_TO_KATAKANA = {sign: sign + 0x60 for sign in range(ord("ぁ"), ord("ゖ") + 1)}
_KANA = re.compile(r"[ァ-ヺー・A-Za-z0-9 ()（）.,&/-]")
_CODE = re.compile(r"[0-9A-Z-]")
# A chassis number that a transport office stamped itself stands between two signs of the office.
_STAMPED = re.compile(r"[一-鿿]{1,2}[\[(][0-9]{1,3}[\])][0-9]{1,10}[一-鿿]{1,2}")
_DASHES = "−ー─━‒_˗⁃➖⎯"

# Letters and marks that draw nothing, beside the general categories of invisible signs.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_BROKEN = frozenset("\ufffc\ufffd")
_CATEGORIES = {
    "Cc": gettext_lazy("制御文字"),
    "Cf": gettext_lazy("見えない制御文字"),
    "Cs": gettext_lazy("壊れた文字"),
    "Co": gettext_lazy("外字"),
    "Cn": gettext_lazy("未定義の文字"),
}
_NAMES = {
    "\t": gettext_lazy("タブ"),
    "\n": gettext_lazy("改行"),
    "\u00ad": gettext_lazy("ソフトハイフン"),
    "\u200b": gettext_lazy("ゼロ幅スペース"),
    "\u200c": gettext_lazy("ゼロ幅非接合子"),
    "\u200d": gettext_lazy("ゼロ幅接合子"),
    "\u2060": gettext_lazy("単語結合子"),
    "\ufeff": gettext_lazy("ゼロ幅スペース（BOM）"),
    **dict.fromkeys(
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        gettext_lazy("書字方向の制御文字"),
    ),
}


class Unreadable(ValueError):
    """What was typed cannot be kept. ``about(label)`` says why, in a sentence."""

    def __init__(self, sentence, **said):
        super().__init__(str(sentence))
        self.sentence = sentence
        self.said = said

    def about(self, label):
        """The reason for people. ``label``: the name of the field."""
        return str(self.sentence) % {"label": label, **self.said}


def sign_name(sign):
    """``sign`` for people: what it looks like where it can be seen, and its number."""
    number = f"U+{ord(sign):04X}"
    if name := _NAMES.get(sign) or _CATEGORIES.get(unicodedata.category(sign)):
        return name + in_brackets(number)
    if sign in _BROKEN:
        return _("壊れた文字") + in_brackets(number)
    if sign in _BLANK or _selects_a_variant(sign):
        return _("見えない文字") + in_brackets(number)
    if unicodedata.combining(sign):
        return _("結合文字") + in_brackets(number)
    if is_picture(sign):
        return _("絵文字・記号「%s」") % sign + in_brackets(number)
    return _("「%s」") % sign + in_brackets(number)


def refuse(sign):
    """The Unreadable that names ``sign``."""
    return Unreadable(
        gettext_lazy("%(label)sに使用できない文字が入っています：%(sign)s"), sign=sign_name(sign)
    )


def is_invisible(sign):
    """Whether ``sign`` can be neither seen nor sent. Line ends and tabs are; spaces are not."""
    return unicodedata.category(sign) in _CATEGORIES or sign in _BLANK or sign in _BROKEN


def read_line(typed):
    """One line of free text."""
    return _shown(_fold_spaces(typed)).strip()


def read_reason(typed):
    """Free text of several lines; a line end is one character, however it was typed."""
    lines = _LINE_ENDS.sub("\n", typed).split("\n")
    return "\n".join(_shown(_fold_spaces(line)).rstrip() for line in lines).strip()


def read_name(typed):
    """The name of a person or a company, as it is written on papers."""
    text = _compose(_NARROW_KANA.sub(_wide, _fold_spaces(typed)))
    name = _shown(text, in_name=True).strip()
    if name and not any(unicodedata.category(sign)[0] in "LN" for sign in name):
        raise Unreadable(gettext_lazy("%(label)sは、文字で入力してください。"))
    return name


def read_address(typed):
    """A postal address in one line. Written like a name."""
    return read_name(typed)


def read_kana(typed):
    """フリガナ: full-width katakana, also from hiragana and half-width kana."""
    text = unicodedata.normalize("NFKC", typed).translate(_TO_KATAKANA)
    for sign in text:
        if is_invisible(sign) and sign not in "\t\n":
            raise refuse(sign)
    kana = " ".join(text.split())
    for sign in kana:
        if not _KANA.match(sign):
            raise Unreadable(
                gettext_lazy(
                    "%(label)sは全角カタカナで入力してください。使用できない文字：%(sign)s"
                ),
                sign=sign_name(sign),
            )
    return kana


def read_code(typed):
    """A code of capitals, digits and hyphens: ＬＡ１００Ｓ－０００１２３４ is LA100S-0001234.

    Spaces, and signs that cannot be seen, come with copying and are left out.
    """
    code = _plain_code(typed)
    for sign in code:
        if not _CODE.match(sign):
            raise Unreadable(
                gettext_lazy(
                    "%(label)sは英数字とハイフンで入力してください。使用できない文字：%(sign)s"
                ),
                sign=sign_name(sign),
            )
    if code and not code.strip("-"):
        raise Unreadable(gettext_lazy("%(label)sは英数字とハイフンで入力してください。"))
    return code


def read_chassis_number(typed):
    """車台番号: a code, or what a transport office stamped itself (職権打刻): 東[41]12345東."""
    stamped = _plain_code(typed)
    # The kanji 一 is what some keyboards offer for a hyphen.
    return stamped if _STAMPED.fullmatch(stamped) else read_code(typed.replace("一", "-"))


def _plain_code(typed):
    return "".join(
        "-" if sign in _DASHES or unicodedata.category(sign) == "Pd" else sign
        for sign in unicodedata.normalize("NFKC", typed).upper()
        if not sign.isspace() and unicodedata.category(sign) != "Cf"
    )


def _fold_spaces(text):
    """Odd spaces and tabs as plain ones; the full-width space stays, it belongs to names."""
    return "".join(
        " " if sign == "\t" or (sign != "　" and unicodedata.category(sign) == "Zs") else sign
        for sign in text
    )


def _compose(text):
    """Marks that were typed after their letter become one with it: ｶﾞ and か+゛ are one kana."""
    made = []
    for sign in text:
        if made and unicodedata.combining(sign):
            one = unicodedata.normalize("NFC", made[-1] + sign)
            if len(one) == 1:
                made[-1] = one
                continue
        made.append(sign)
    return "".join(made)


def _wide(match):
    return unicodedata.normalize("NFKC", match[0])


def _shown(text, *, in_name=False):
    """``text`` without what only picks the drawing of an emoji, or Unreadable."""
    kept = []
    for sign in text:
        if _selects_a_variant(sign):
            after = kept[-1] if kept else " "
            if unicodedata.category(after) == "Lo":
                kept.append(sign)  # the shape of a kanji, as in 葛󠄀
                continue
            if in_name or sign not in "\ufe0e\ufe0f":
                raise refuse(sign)
            continue
        if is_invisible(sign) or (in_name and _is_odd_in_a_name(sign)):
            raise refuse(sign)
        kept.append(sign)
    return "".join(kept)


def _selects_a_variant(sign):
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


def _is_odd_in_a_name(sign):
    return is_picture(sign) or unicodedata.category(sign) in ("Mn", "Me")


def is_picture(sign):
    """Emoji, and symbols that Japanese standards do not know. ㈱, 〒 and ☆ are known."""
    if unicodedata.category(sign) not in ("So", "Sk"):
        return False
    try:
        sign.encode("cp932")
    except UnicodeEncodeError:
        return True
    return False


def read_words(typed):
    """The words of a search: half-width where that is the same, without what cannot be seen."""
    plain = unicodedata.normalize("NFKC", typed)
    return "".join(sign for sign in plain if sign.isspace() or not is_invisible(sign)).split()
