"""Looks at one file in a process of its own: ``python -I child.py picture|document|codes``.

The file comes on standard input. Standard output begins with one line of JSON: ``{"refused":
reason}``, or ``{"type": media type, "sizes": [bytes of the file to keep, of its preview]}`` with
these bytes after it, or ``{"codes": [texts]}``. The limits are set before anything is decoded: a
hostile file ends this process and no other. Nothing of the portal is imported here.
"""

import io
import json
import resource
import sys
import warnings

MEBI = 1024 * 1024
LARGEST = 10 * MEBI
MEMORY = 900 * MEBI
CPU_SECONDS = 20
PIXELS = 50_000_000
SIDE = 12_000
PAGES = 100
PREVIEW = 1200  # pixels of its longer side
# Names in a PDF that run something, carry something, or reach out.
_FORBIDDEN = {
    "/JS": "script",
    "/JavaScript": "script",
    "/AA": "script",
    "/Launch": "script",
    "/EmbeddedFiles": "embedded",
    "/EF": "embedded",
    "/RichMedia": "embedded",
    "/XFA": "form",
    "/SubmitForm": "form",
    "/ImportData": "form",
}
_OBJECTS = 200_000


class BadFile(Exception):
    """``args[0]``: the reason, as applications.uploads.refusals names it."""


def main(task):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    packed = sys.stdin.buffer.read(LARGEST + 1)
    try:
        head, files = TASKS[task](packed)
    except BadFile as refused:
        head, files = {"refused": refused.args[0]}, []
    except MemoryError:
        head, files = {"refused": "resources"}, []
    except Exception:
        # Whatever a decoder trips over, the file is not what it seems to be.
        head, files = {"refused": "broken"}, []
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    for file in files:
        out.write(file)


def picture(packed):
    """Decoded and encoded anew: orientation applied, metadata and whatever trails are gone."""
    opened, kind = _open_picture(packed)
    keep = io.BytesIO()
    if kind == "PNG":
        opened.save(keep, "PNG")
    if kind == "JPEG" or len(keep.getvalue()) > LARGEST:
        kind, keep = "JPEG", io.BytesIO()
        opened.save(keep, "JPEG", quality=85)
    if len(keep.getvalue()) > LARGEST:
        raise BadFile("too_large")
    opened.thumbnail((PREVIEW, PREVIEW))
    return _kept(f"image/{kind.lower()}", keep.getvalue(), _as_jpeg(opened))


def document(packed):
    """A PDF that runs nothing, carries nothing and opens without a password; kept as it is."""
    import zipfile

    import pikepdf

    if zipfile.is_zipfile(io.BytesIO(packed)):  # the same bytes are an archive, or a program
        raise BadFile("embedded")
    try:
        opened = pikepdf.open(io.BytesIO(packed))
    except pikepdf.PasswordError:
        raise BadFile("password") from None
    except pikepdf.PdfError:
        raise BadFile("broken") from None
    with opened:
        if opened.is_encrypted:
            raise BadFile("password")
        if not 1 <= len(opened.pages) <= PAGES:
            raise BadFile("pages")
        _walk(opened)
    return _kept("application/pdf", packed, _first_page(packed))


def codes(packed):
    """The texts of the two-dimensional codes in a picture."""
    import zxingcpp

    opened, _kind = _open_picture(packed)
    opened.thumbnail((3000, 3000))
    found = zxingcpp.read_barcodes(opened, formats=zxingcpp.BarcodeFormat.QRCode)
    return {"codes": [code.text for code in found]}, []


def _open_picture(packed):
    from PIL import Image, ImageOps

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        opened = Image.open(io.BytesIO(packed), formats=("JPEG", "PNG"))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BadFile("pixels") from None
    width, height = opened.size
    if width * height > PIXELS or max(width, height) > SIDE:
        raise BadFile("pixels")
    kind = opened.format
    opened.load()
    opened = ImageOps.exif_transpose(opened)
    if opened.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info:
        opened = opened.convert("RGBA")
        paper = Image.new("RGB", opened.size, "white")
        paper.paste(opened, mask=opened.getchannel("A"))
        opened = paper
    elif opened.mode not in {"RGB", "L"}:
        opened = opened.convert("RGB")
    opened.info.clear()
    return opened, kind


def _walk(opened):
    """Refuse what ``_FORBIDDEN`` names, also in dictionaries that are no objects of their own."""
    import pikepdf

    waiting = [opened.trailer, *opened.objects]
    seen, steps = set(), 0
    while waiting:
        each = waiting.pop()
        steps += 1
        if steps > _OBJECTS:
            raise BadFile("resources")
        if isinstance(each, pikepdf.Object) and each.is_indirect:
            if each.objgen in seen:
                continue
            seen.add(each.objgen)
        if isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
            for name, value in each.items():
                if name in _FORBIDDEN:
                    raise BadFile(_FORBIDDEN[name])
                if name == "/S" and str(value) in _FORBIDDEN:
                    raise BadFile(_FORBIDDEN[str(value)])
                waiting.append(value)
        elif isinstance(each, pikepdf.Array):
            waiting.extend(each)


def _first_page(packed):
    import pypdfium2

    page = pypdfium2.PdfDocument(packed)[0]
    longer = max(page.get_size())
    return _as_jpeg(page.render(scale=PREVIEW / max(longer, 1)).to_pil().convert("RGB"))


def _as_jpeg(opened):
    preview = io.BytesIO()
    opened.convert("RGB").save(preview, "JPEG", quality=80)
    return preview.getvalue()


def _kept(media_type, keep, preview):
    return {"type": media_type, "sizes": [len(keep), len(preview)]}, [keep, preview]


TASKS = {"picture": picture, "document": document, "codes": codes}

if __name__ == "__main__":
    main(sys.argv[1])
