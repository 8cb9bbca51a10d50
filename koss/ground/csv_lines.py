"""CSV files for spreadsheet programs.

A spreadsheet takes a cell that begins like a formula for one, and one of digits for a number or a
date. docs/adr/0011 says what is written instead.
"""

import csv
import re

from django.utils.functional import Promise

from koss.ground import numbers

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOTHING = ("-", "－")
# Digits with what may stand in a number or a date.
_BECOMES_ANOTHER = re.compile(r"[0-9][0-9,.:/eE+-]*", re.ASCII)
_IN_GROUPS = re.compile(r"[0-9]+( [0-9]+)+", re.ASCII)
_BYTE_ORDER_MARK = "\ufeff"


def cell(value):
    """``value`` as a spreadsheet program shows it unchanged, and never as a formula.

    Text that would become a formula, a number or a date gets an apostrophe in front. Amounts and
    days are to become what they are.
    """
    if not isinstance(value, str) and not isinstance(value, Promise):
        return "" if value is None else str(value)
    text = str(value)
    if text in _NOTHING or _IN_GROUPS.fullmatch(text):
        return text
    is_odd = text.startswith(_BEGINS_A_FORMULA) or _BECOMES_ANOTHER.fullmatch(text)
    return f"'{text}" if is_odd else text


def in_groups(digits):
    """A number of ours in groups, as the manuals print it: 00100 alone would become 100."""
    lengths = {5: 2, 6: 3}
    first = lengths.get(len(digits))
    return f"{digits[:first]} {digits[first:]}" if first else numbers.grouped(digits)


def lines(head, rows):
    """The lines of a file with the cells ``head`` above those of ``rows``, one after the other."""
    writer = csv.writer(_Line(), quoting=csv.QUOTE_ALL)
    yield _BYTE_ORDER_MARK + writer.writerow(map(cell, head))
    for row in rows:
        yield writer.writerow(map(cell, row))


def name(model, field):
    """The official name of a column."""
    return model._meta.get_field(field).verbose_name


class _Line:
    """A file whose ``write`` hands the line on to its caller."""

    def write(self, line):
        return line
