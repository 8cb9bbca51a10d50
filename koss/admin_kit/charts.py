"""Charts for the staff's pages: where the bars of an SVG stand, in its own units.

Colours are classes of the style sheet, and each chart stands beside a table that says the same.
"""

from dataclasses import dataclass

WIDTH = 440
_PLOT = 110  # height of the highest bar
_ABOVE, _BELOW = 18, 22  # for the number above a bar and the words below it
_GAP = 0.24  # of the room of a bar, left free
_BAR, _LABEL = 22, 20  # of a bar that lies, and of the words above it


@dataclass(frozen=True, slots=True)
class Point:
    """One value. ``short``: the words below its bar, or "". ``tone``: of ``koss.admin_kit.desk``.

    ``words``: what the tone means, for the table.
    """

    label: str
    count: int
    url: str
    short: str = ""
    tone: str = ""
    words: str = ""


def columns(points):
    """A chart of standing bars, one for each Point."""
    highest = max([point.count for point in points], default=0) or 1
    room = WIDTH / len(points)
    bars = []
    for place, point in enumerate(points):
        height = max(_PLOT * point.count / highest, 2 if point.count else 0)
        bars.append(
            {
                "point": point,
                "x": round(room * (place + _GAP / 2), 1),
                "y": round(_ABOVE + _PLOT - height, 1),
                "width": round(room * (1 - _GAP), 1),
                "height": round(height, 1),
                "middle": round(room * (place + 0.5), 1),
                "above": round(_ABOVE + _PLOT - height - 4, 1),
            }
        )
    return {
        "bars": bars,
        "width": WIDTH,
        "height": _ABOVE + _PLOT + _BELOW,
        "ground": _ABOVE + _PLOT,
        "words": _ABOVE + _PLOT + 16,
    }


def rows(lines):
    """A chart of lying bars. ``lines``: (label, [Point, …]); the points of one share its bar."""
    longest = max([sum(point.count for point in points) for _label, points in lines], default=0)
    drawn = []
    for place, (label, points) in enumerate(lines):
        top = place * (_BAR + _LABEL + 8)
        x, pieces = 0.0, []
        for number, point in enumerate(points):
            width = WIDTH * 0.86 * point.count / (longest or 1)
            pieces.append(
                {"point": point, "x": round(x, 1), "width": round(width, 1), "number": number}
            )
            x += width
        drawn.append(
            {
                "label": label,
                "total": sum(point.count for point in points),
                "pieces": pieces,
                "words": top + 14,
                "y": top + _LABEL,
                "end": round(x + 6, 1),
                "middle": top + _LABEL + 16,
            }
        )
    return {
        "lines": drawn,
        "width": WIDTH,
        "height": max(len(lines) * (_BAR + _LABEL + 8), 1),
        "bar": _BAR,
    }
