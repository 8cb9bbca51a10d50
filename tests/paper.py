"""A printed page as a counter gets it: on paper, folded, stained, and laid down crookedly."""

import io
import math
import random

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from qrcodes.issuing.symbol import VERSION

DPI = 200
BLOTS = 3
CORNER = 7 / (17 + 4 * VERSION)  # how much of a side a corner pattern takes
MM_PER_INCH = 25.4


def scanned(pdf):
    """Every page of a PDF (bytes) as a scanner of 200 dpi sees it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            document[n].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
            for n in range(len(document))
        ]
    finally:
        document.close()


def picture(data):
    return Image.open(io.BytesIO(data)).convert("L")


def read(image):
    """The texts of the QR codes in ``image``, by a reader that is not ours."""
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return [each.text for each in found]


def box(image):
    """(left, top, right, bottom) of the one QR code in ``image``, without its quiet zone."""
    [found] = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    corners = [
        getattr(found.position, name)
        for name in ("top_left", "top_right", "bottom_left", "bottom_right")
    ]
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    return min(across), min(down), max(across), max(down)


def worn(page, seed):
    """``page`` after a day in a pocket: a crease and 10 % of the code under blots, 8° askew."""
    chance = random.Random(seed)
    code = box(page)
    page = page.copy()
    _blot(page, code, chance)
    _crease(page, code, chance)
    page = page.filter(ImageFilter.GaussianBlur(1))
    degrees = chance.choice((-8, 8))
    return page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def _blot(page, code, chance):
    """Dark blots that cover a tenth of the code between them.

    They leave its corner patterns alone: where one of these is gone no reader finds a code, and
    the lookup key beside it is typed.
    """
    left, top, right, bottom = code
    size = right - left
    radius = size * math.sqrt(0.10 / BLOTS / math.pi)
    corner = size * CORNER + radius
    draw = ImageDraw.Draw(page)
    blots = 0
    while blots < BLOTS:
        x = chance.uniform(left + radius, right - radius)
        y = chance.uniform(top + radius, bottom - radius)
        beside, above = x < left + corner, y < top + corner
        if (beside and above) or (x > right - corner and above) or (beside and y > bottom - corner):
            continue
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=30)
        blots += 1


def _crease(page, code, chance):
    """A fold from side to side, where the ink has come off and the lower half lies shifted."""
    _left, top, _right, bottom = code
    at = int(chance.uniform(top + (bottom - top) * 0.3, top + (bottom - top) * 0.7))
    lower = page.crop((0, at, page.width, page.height))
    page.paste(255, (0, at, page.width, page.height))
    page.paste(lower, (2, at))
    ImageDraw.Draw(page).line((0, at, page.width, at + 6), fill=225, width=5)
