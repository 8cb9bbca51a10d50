"""The table of postal codes: one ZIP file with a small text for each beginning of three digits.

A look-up reads one of these texts; the latest stay in memory, for the rows of a set come from the
same places. Line: the last four digits, the
prefecture, the municipality and the rest, with tabs between them.
"""

import re
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from koss.ground import numbers

FILE = Path(__file__).with_name("postal_codes.zip")
# The same moment for every member, so that equal tables are equal files.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CODE = re.compile(r"[0-9]{7}")


class Address(NamedTuple):
    """``rest`` is "" where the code stands for a whole municipality."""

    prefecture: str
    city: str
    rest: str

    def __str__(self):
        return "".join(self)


def read_code(typed: str) -> str:
    """The seven digits that ``typed`` means, or numbers.NotANumber."""
    return numbers.read_digits(typed.replace("〒", ""), 7)


def shown(code: str) -> str:
    """``1400002`` as ``140-0002``; anything else as it is."""
    return f"{code[:3]}-{code[3:]}" if _CODE.fullmatch(code) else code


def addresses_of(code: str, file: Path = FILE) -> list[Address]:
    """The addresses behind seven digits, in the table's order; [] where it knows none."""
    text = _text(file, file.stat().st_mtime_ns, code[:3])
    lines = (line.split("\t") for line in text.splitlines())
    return [Address(*parts) for last, *parts in lines if last == code[3:]]


@lru_cache(maxsize=64)
def _text(file, changed, beginning):
    """The text of one ``beginning``, "" where there is none. ``changed``: when the file was."""
    with zipfile.ZipFile(file) as table:
        try:
            return table.read(beginning).decode()
        except KeyError:
            return ""


def write(rows, file: Path = FILE) -> int:
    """Make the table from ``rows``, pairs (seven digits, Address). Returns how many lines it has.

    The file appears whole or not at all.
    """
    texts, count = {}, 0
    for code, address in sorted(set(rows)):
        if not _CODE.fullmatch(code) or "\t" in str(address):
            raise ValueError(f"{code} {address}")
        texts.setdefault(code[:3], []).append("\t".join((code[3:], *address)))
        count += 1
    fresh = file.with_suffix(".new")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as table:
        for beginning, lines in texts.items():
            entry = zipfile.ZipInfo(beginning, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            table.writestr(entry, "\n".join(lines).encode())
    fresh.replace(file)
    return count
