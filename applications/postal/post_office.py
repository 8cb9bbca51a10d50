"""Reading the post office's own files: utf_ken_all.csv for places, jigyosyo.csv for businesses.

Both are free to use. A place may stand in several lines, of which only the first opens a bracket;
what stands in brackets, and the sentences that say "everything else", are no part of an address.
"""

import csv
import io
import re
import zipfile
from pathlib import Path

from applications.postal.table import Address

_NOT_A_PLACE = ("以下に掲載がない場合", "の次に番地がくる場合", "の次に「", "一円")
_BRACKET = re.compile(r"（.*?）|（.*$|^.*?）")


def places(file: Path):
    """Pairs (postal code, Address) of utf_ken_all.csv (or the ZIP that holds it)."""
    inside = False
    for row in _rows(file, "utf-8-sig"):
        code, prefecture, city, town = row[2], row[6], row[7], row[8]
        goes_on, inside = inside, (inside or "（" in town) and "）" not in town
        if goes_on:  # the rest of a bracket that an earlier line opened
            continue
        yield code, Address(prefecture, city, _town(town))


def businesses(file: Path):
    """Pairs (postal code, Address) of jigyosyo.csv (or the ZIP that holds it)."""
    for row in _rows(file, "cp932"):
        yield row[7], Address(row[3], row[4], _town(row[5]) + row[6].strip())


def _town(text):
    # 「〇〇一円」 is a name of its own only in 滋賀県犬上郡多賀町一円.
    if text == "一円":
        return text
    if any(sign in text for sign in _NOT_A_PLACE):
        return ""
    return _BRACKET.sub("", text).strip()


def _rows(file, encoding):
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            [name] = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            text = archive.read(name).decode(encoding)
    else:
        text = file.read_bytes().decode(encoding)
    return csv.reader(io.StringIO(text, newline=""))
