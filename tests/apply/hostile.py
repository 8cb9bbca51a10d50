"""Files that nobody should be able to hand in, made when asked for: name → (bytes, why)."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image


def picture(width, height, kind="JPEG", mode="RGB"):
    file = io.BytesIO()
    Image.new(mode, (width, height)).save(file, kind)
    return file.getvalue()


def document(change=None, pages=1, **how):
    made = pikepdf.new()
    for _page in range(pages):
        made.add_blank_page()
    if change:
        change(made)
    file = io.BytesIO()
    made.save(file, **how)
    return file.getvalue()


def _script(**more):
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"), **more)


def script_in_names(made):
    names = pikepdf.Dictionary(Names=[pikepdf.String("a"), _script()])
    made.Root.Names = pikepdf.Dictionary(JavaScript=names)


def script_on_opening(made):
    made.Root.OpenAction = _script()


def script_on_a_page(made):
    made.pages[0].obj.AA = pikepdf.Dictionary(O=_script())


def launch(made):
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("a.exe"))


def carried_file(made):
    made.attachments["a.txt"] = b"a"


def xfa_form(made):
    made.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.String("a"), Fields=[])


def sending_form(made):
    action = pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F=pikepdf.String("http://a.example"))
    made.Root.OpenAction = action


def rich_media(made):
    made.pages[0].obj.Annots = [pikepdf.Dictionary(Subtype=pikepdf.Name.RichMedia, RichMedia=1)]


def script_in_a_link(made):
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=_script())
    made.pages[0].obj.Annots = [link]


def imported_data(made):
    action = pikepdf.Dictionary(S=pikepdf.Name.ImportData, F=pikepdf.String("a.fdf"))
    made.Root.OpenAction = action


def too_many_values(made):
    made.Root.A = pikepdf.Array([0] * 250_000)


def archive_behind(document):
    """A PDF that is a ZIP as well, as a JAR would be."""
    file = io.BytesIO()
    file.write(document)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("Main.class", b"\xca\xfe\xba\xbe")
    return file.getvalue()


def nested_arrays():
    """A PDF whose catalogue holds one array in another, 100,000 deep."""
    deep = b"[" * 100_000 + b"]" * 100_000
    return document().replace(b"/Type /Catalog", b"/Type /Catalog /A " + deep, 1)


def false_size():
    """A PNG of one pixel that says it is 30,000 pixels wide and high."""
    plain = picture(1, 1, "PNG")
    head = b"IHDR" + struct.pack("!II", 30_000, 30_000) + plain[24:29]
    return plain[:12] + head + struct.pack("!I", zlib.crc32(head)) + plain[33:]


def text_bomb():
    """A PNG whose compressed comment is 64 MB long."""

    def chunk(name, content):
        crc = zlib.crc32(name + content)
        return struct.pack("!I", len(content)) + name + content + struct.pack("!I", crc)

    plain = picture(1, 1, "PNG")
    comment = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * (64 << 20), 9))
    return plain[:33] + comment + plain[33:]


FILES = {
    "nothing": lambda: (b"", "empty"),
    "SVG": lambda: (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
    "SVG with the head of a PNG": lambda: (b"\x89PNG\r\n\x1a\n<svg/>", "broken"),
    "HTML": lambda: (b"<!doctype html><script>alert(1)</script>", "type"),
    "HTML with the head of a JPEG": lambda: (b"\xff\xd8\xff\xe0<html>", "broken"),
    "GIF": lambda: (picture(2, 2, "GIF"), "type"),
    "TIFF": lambda: (picture(2, 2, "TIFF"), "type"),
    "WebP": lambda: (picture(2, 2, "WEBP"), "type"),
    "JPEG 2000": lambda: (picture(8, 8, "JPEG2000"), "type"),
    "EPS": lambda: (b"%!PS-Adobe-3.0 EPSF-3.0\n", "type"),
    "ZIP": lambda: (b"PK\x03\x04" + b"\0" * 60, "type"),
    "program": lambda: (b"MZ" + b"\0" * 60, "type"),
    "PDF after a space": lambda: (b" " + document(), "type"),
    "cut JPEG": lambda: (picture(400, 400)[:600], "broken"),
    "cut PNG": lambda: (picture(400, 400, "PNG")[:100], "broken"),
    "cut PDF": lambda: (document()[:60], "broken"),
    "PDF of nothing": lambda: (b"%PDF-1.7\n", "broken"),
    "narrow and endless": lambda: (picture(1, 100_000, "PNG"), "pixels"),
    "wide and endless": lambda: (picture(100_000, 1, "PNG"), "pixels"),
    "169 megapixels": lambda: (picture(13_000, 13_000, "PNG", "1"), "pixels"),
    "52 megapixels": lambda: (picture(8_000, 6_500, "PNG", "1"), "pixels"),
    "comment bomb": lambda: (text_bomb(), "broken"),
    "PDF without a page": lambda: (document(pages=0), "pages"),
    "PDF of 101 pages": lambda: (document(pages=101), "pages"),
    "owner's password": lambda: (
        document(encryption=pikepdf.Encryption(owner="a", user="")),
        "password",
    ),
    "user's password": lambda: (
        document(encryption=pikepdf.Encryption(owner="a", user="b")),
        "password",
    ),
    "script in the names": lambda: (document(script_in_names), "script"),
    "script on opening": lambda: (document(script_on_opening), "script"),
    "script on a page": lambda: (document(script_on_a_page), "script"),
    "launches a program": lambda: (document(launch), "script"),
    "carries a file": lambda: (document(carried_file), "embedded"),
    "XFA form": lambda: (document(xfa_form), "form"),
    "form that sends": lambda: (document(sending_form), "form"),
    "script behind a written name": lambda: (
        document(script_on_opening).replace(b"/JavaScript", b"/J#61vaScript"),
        "script",
    ),
    "script in a link": lambda: (document(script_in_a_link), "script"),
    "rich media": lambda: (document(rich_media), "embedded"),
    "form that fetches": lambda: (document(imported_data), "form"),
    "PDF that is an archive": lambda: (archive_behind(document()), "embedded"),
    "PDF of 250,000 values": lambda: (document(too_many_values), "resources"),
    "PDF of nested arrays": lambda: (nested_arrays(), "broken"),
    "PNG with a false size": lambda: (false_size(), "pixels"),
    "one byte too large": lambda: (b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024 - 2), "too_large"),
    "100 megabytes": lambda: (b"%PDF-" + b"\0" * (100 * 1024 * 1024), "too_large"),
}
