"""The colours of the style sheets, by name: what a name is worth in one scheme."""

import re

from tests.house.sources import ROOT

HOME = ROOT / "static" / "koss" / "colours"
BANK = ROOT / "payments" / "sandbox" / "static" / "bank"
TOKENS = ROOT / "static" / "koss" / "vendor" / "dads" / "tokens.css"
SHEETS = sorted([*(ROOT / "static" / "koss").glob("*.css"), BANK / "bank.css"])
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_MORE = re.compile(r"@media \(prefers-contrast: more\) \{(.*)\}", re.DOTALL)
_NAMED = re.compile(r"(--[\w-]+):\s*([^;]+);")
_NAME = re.compile(r"var\((--[\w-]+)\)")


def plain(css):
    """``css`` without its comments."""
    return _COMMENT.sub("", css)


def named(css, *, more=False):
    """Name → value in ``css``; with ``more``, as people see it who ask for more contrast."""
    css = plain(css)
    values = dict(_NAMED.findall(_MORE.sub("", css)))
    asked = _MORE.search(css)
    return {**values, **dict(_NAMED.findall(asked[1]))} if more and asked else values


def scheme(*sheets, more=False):
    """Name → value where ``sheets`` are in force one after the other, each name followed."""
    values = named(TOKENS.read_text())
    for sheet in sheets:
        values |= named(sheet.read_text(), more=more)
    return {name: _followed(values, name) for name in values}


def _followed(values, name):
    value = values[name]
    while found := _NAME.fullmatch(value):
        value = values[found[1]]
    return value


def contrast(one, other):
    """The contrast of two colours like #fff or #1a1a1a, as WCAG 2.2 reckons it: from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour):
    digits = colour.removeprefix("#")
    if len(digits) == len("fff"):
        digits = "".join(digit * 2 for digit in digits)
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
