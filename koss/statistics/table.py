"""What one kind of statistics comes to: a table, its sums, and its numbers by day."""

from dataclasses import dataclass, field
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Heading:
    title: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """``rows`` and ``totals``: cells as ``koss.ground.csv_lines`` takes them, under ``headings``.

    ``by_day``: day → number, for the chart; None where the rows are not of days.
    """

    headings: list
    rows: list
    totals: list = field(default_factory=list)
    by_day: dict | None = None

    def shown(self, rows):
        """``rows`` of it for the page: (text, whether it is a number) of each cell."""
        return [
            [
                (_text(cell), heading.is_number)
                for cell, heading in zip(row, self.headings, strict=True)
            ]
            for row in rows
        ]


def by_day(rows, place=-1):
    """Day → the sum of the cells at ``place`` of ``rows`` that begin with it."""
    found = {}
    for row in rows:
        found[row[0]] = found.get(row[0], 0) + row[place]
    return found


def percentile(counted, share):
    """Of value → how often: the lowest value that ``share`` of all do not exceed, or None."""
    values = sorted(counted)
    for value, so_far in zip(values, accumulate(counted[value] for value in values), strict=True):
        if so_far >= share * sum(counted.values()):
            return value
    return None


def _text(cell):
    return f"{cell:,}" if isinstance(cell, int) else "-" if cell is None else str(cell)
