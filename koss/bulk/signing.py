"""Texts to be signed as one ZIP, and the signatures under them as another.

Each application is signed as everywhere: one detached CMS under its own text. The files are named
by 整理番号, so any program that signs a file can do it (docs/adr/0029).
"""

import base64
import io
import zipfile

from django.utils.translation import gettext as _

from koss.ground.joining import listed

LARGEST = 4 * 1024 * 1024
_ENDING, _SIGNED = ".txt", ".p7s"
_LARGEST_SIGNATURE = 17 * 1024


class NotSigned(ValueError):
    """What came is no ZIP of signatures. ``sentence``: why, for people."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


def texts(contents):
    """A ZIP (bytes) of ``contents``: reference → canonical text as bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for reference, content in contents.items():
            archive.writestr(zipfile.ZipInfo(reference + _ENDING), content)
    return packed.getvalue()


def signatures(packed, references):
    """Reference → signature in base64, for every one of ``references``. Raises NotSigned.

    The file of A-1 is ``A-1.txt.p7s`` or ``A-1.p7s``, in whatever folder of the ZIP.
    """
    found = {}
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for entry in archive.infolist():
                name = entry.filename.rpartition("/")[2]
                reference = name.removesuffix(_SIGNED).removesuffix(_ENDING)
                if name.endswith(_SIGNED) and reference in references:
                    with archive.open(entry) as file:
                        found[reference] = base64.b64encode(file.read(_LARGEST_SIGNATURE)).decode()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise NotSigned(_("署名のファイルをまとめたZIPファイルを選んでください。")) from error
    if missing := [each for each in references if each not in found]:
        named = listed(missing[:5])
        raise NotSigned(_("署名のファイルが足りません（整理番号：%s）。") % named)
    return found
