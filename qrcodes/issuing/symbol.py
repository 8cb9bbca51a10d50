"""What is inside the square, and how it is drawn.

A symbol carries the letter of its purpose, the random public id of its row, and a keyed digest
over purpose, public id and issue number: nothing that names anybody, and nothing that can be made
up. All signs are upper-case letters and digits, the alphanumeric mode of the symbol.

Its size is always the same: version 10 with error correction H, so a print survives a crease, a
blot and a fax. Version 4 would hold the text, but a blot then spoils many more prints: it
covers more of what a code word or a corner pattern consists of. With the quiet zone of 4 it is 65
modules wide, at 1 mm each.
"""

import base64
import io
import re
import unicodedata

import qrcode
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.html import format_html
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H

from koss.ground import numbers
from koss.ground.text import read_line
from qrcodes.models import Code, CodeKind

VERSION = 10
QUIET_ZONE = 4
MODULES = 17 + 4 * VERSION + 2 * QUIET_ZONE
_PIXELS_PER_MODULE = 10
_PIXELS_PER_INCH = 254  # at which a module is 1 mm wide

_DIGEST_BYTES = 16
_LETTERS = "".join(kind.letter for kind in CodeKind)
# At the end of what was read: a field that was not emptied holds an older scan in front.
_SHAPE = re.compile(f"([{_LETTERS}]([A-Z2-7]{{20}})[A-Z2-7]{{26}})$")
# What a scanner may put in front to say which kind of symbol it read (AIM: ]Q1, ]d2, …).
_SYMBOLOGY = re.compile(r"^[\]］][A-Za-zＡ-Ｚａ-ｚ][0-9A-Za-z０-９]")


class Unknown(ValueError):
    """What was read is no symbol of this portal."""


class Forged(ValueError):
    """What was read looks like one of ours, but this portal never issued it."""


def payload(code):
    """The 47 characters that the symbol of ``code`` carries."""
    kind = CodeKind(code.kind)
    signed = f"{kind.value}:{code.public_id}:{code.issue_number}"
    digest = salted_hmac("koss.qrcodes.symbol", signed, algorithm="sha256").digest()
    signature = base64.b32encode(digest[:_DIGEST_BYTES]).decode().rstrip("=")
    return f"{kind.letter}{code.public_id}{signature}"


def read_scan(typed):
    """``typed`` without what a scanner adds to it. Raises ``koss.ground.text.Unreadable``."""
    return read_line(_SYMBOLOGY.sub("", typed.strip()))


def looks_like_one(text):
    """Whether ``text`` ends with a symbol, in any width and case."""
    return _SHAPE.search(_plain(text)) is not None


def read(text):
    """The Code whose symbol says ``text``. Raises Unknown or Forged.

    A scanner may have typed it in full-width signs or small letters.
    """
    shape = _SHAPE.search(_plain(text))
    if not shape:
        raise Unknown
    code = Code.objects.filter(public_id=shape[2]).first()
    if code is None or not constant_time_compare(payload(code), shape[1]):
        raise Forged
    return code


def svg(code):
    """The symbol of ``code`` as an inline SVG, 65 mm wide; CSS may make it larger."""
    path = "".join(
        f"M{start} {row}h{length}v1h-{length}z"
        for row, cells in enumerate(_matrix(code))
        for start, length in _dark_runs(cells)
    )
    return format_html(
        '<svg class="koss-symbol" xmlns="http://www.w3.org/2000/svg" role="img"'
        ' width="{size}mm" height="{size}mm" viewBox="0 0 {size} {size}"'
        ' shape-rendering="crispEdges"><title>{title} {key}</title>'
        '<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path fill="#000" d="{path}"/></svg>',
        size=MODULES,
        title=code.title,
        key=numbers.grouped(code.lookup_key),
        path=path,
    )


def png(code):
    """The symbol of ``code`` as a PNG: two colours, 650 pixels wide, 65 mm when printed."""
    cells = _matrix(code)
    image = Image.new("1", (MODULES, MODULES))
    image.putdata([0 if dark else 255 for row in cells for dark in row])
    image = image.resize((MODULES * _PIXELS_PER_MODULE,) * 2, Image.Resampling.NEAREST)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(_PIXELS_PER_INCH, _PIXELS_PER_INCH), optimize=True)
    return file.getvalue()


def _plain(text):
    return unicodedata.normalize("NFKC", text).strip().upper()


def _matrix(code):
    """Rows of modules with the quiet zone around them; True is dark."""
    drawing = qrcode.QRCode(VERSION, error_correction=ERROR_CORRECT_H, border=QUIET_ZONE)
    drawing.add_data(payload(code), optimize=0)
    drawing.make(fit=False)
    return drawing.get_matrix()


def _dark_runs(cells):
    """(first column, length) of every unbroken run of dark modules in a row."""
    start = None
    for column, dark in enumerate([*cells, False]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            yield start, column - start
            start = None
