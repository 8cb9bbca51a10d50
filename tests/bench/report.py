"""docs/performance.md: a table of what was measured, and a chart of how it grows with the rows."""

import math
from operator import itemgetter
from pathlib import Path

_DOCS = Path(__file__).parents[2] / "docs"
_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_SIZES = (10_000, 10_000_000)  # the ends of the chart
_LEFT, _TOP, _WIDE, _HIGH = 60, 30, 560, 300
_MOST = 100  # times the time at the smallest size
_COLOURS = ("#0017c1", "#c5221f", "#197a4b", "#8250df", "#b06000", "#006a80", "#6b6b6b", "#b3005e")

_HEAD = """# What it costs

Made by `make bench`; do not edit. Each line divides what was measured by a baseline that ran in
turn with it in the same rounds, so what swings with the machine falls out. Times are processor time
of the portal and, on PostgreSQL, of its server's process. Goals of *at least* are rates: how many
are served in the time of one of the baseline; goals of *at most* are times. **Bold** misses its
goal. In brackets: the least and the most of the rounds.

`tests/bench/pairs.py` declares the lines, every baseline is beside it. The rows are true
applications of every status, copied until there are enough; the office whose list is measured
has one in eight of them.
"""


def write(results):
    found = {(each["name"], each["database"], each["size"]): each for each in results}
    pairs = {each["name"]: each for each in sorted(results, key=itemgetter("place"))}
    sizes = sorted({each["size"] for each in results})
    (_DOCS / "performance.md").write_text(_page(pairs, found, sizes))
    (_DOCS / "performance.svg").write_text(_chart(pairs, found, sizes))


def _page(pairs, found, sizes):
    parts = [_HEAD]
    for size in sizes:
        parts.append(f"\n## {size:,} applications\n")
        parts.append("| measured | against | goal | " + " | ".join(_DATABASES.values()) + " |")
        parts.append("|---|---|---|" + "---|" * len(_DATABASES))
        for pair in pairs.values():
            cells = [_cell(pair, found.get((pair["name"], each, size))) for each in _DATABASES]
            if any(cells):
                goal = f"{'≥' if pair['rate'] else '≤'} {pair['goal']:g}"
                parts.append(
                    f"| {pair['name']} | {pair['baseline']} | {goal} | {' | '.join(cells)} |"
                )
    parts.append("\n## Growth\n\n![Growth of times with the rows](performance.svg)\n")
    parts.append("Time at a size, divided by the time at the smallest one; flat is 1.\n")
    parts.append("| measured | database | " + " | ".join(f"{size:,}" for size in sizes) + " |")
    parts.append("|---|---|" + "---|" * len(sizes))
    for pair, database, line in _lines(pairs, found, sizes):
        cells = [f"{line[size]:.1f}" if size in line else "" for size in sizes]
        parts.append(f"| {pair['name']} | {_DATABASES[database]} | {' | '.join(cells)} |")
    return "\n".join(parts) + "\n"


def _cell(pair, result):
    if result is None:
        return ""
    least, median, most = result["ratio"]
    is_met = median >= pair["goal"] if pair["rate"] else median <= pair["goal"]
    said = f"{median:.2f}" if is_met else f"**{median:.2f}**"
    return f"{said} ({least:.2f}–{most:.2f})"


def _lines(pairs, found, sizes):
    """(pair, database, {size: times its time at the smallest size})."""
    for pair in pairs.values():
        for database in _DATABASES:
            ms = {size: found.get((pair["name"], database, size), {}).get("ms") for size in sizes}
            ms = {size: time for size, time in ms.items() if time}
            if pair["grows"] and len(ms) > 1:
                yield pair, database, {size: time / ms[min(ms)] for size, time in ms.items()}


def _chart(pairs, found, sizes):
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 {_TOP + _HIGH + 50}" '
        'font-family="sans-serif" font-size="11">',
        '<path fill="#fff" d="M0 0h900v400H0z"/>',
    ]
    for size in (10_000, 100_000, 1_000_000, 10_000_000):
        drawn.append(f'<path stroke="#ccc" d="M{_x(size):.0f} {_TOP}v{_HIGH}"/>')
        drawn.append(
            f'<text x="{_x(size):.0f}" y="{_TOP + _HIGH + 16}" text-anchor="middle">{size:,}</text>'
        )
    for times in (1, 10, 100):
        drawn.append(f'<path stroke="#ccc" d="M{_LEFT} {_y(times):.0f}h{_WIDE}"/>')
        drawn.append(
            f'<text x="{_LEFT - 6}" y="{_y(times) + 4:.0f}" text-anchor="end">×{times}</text>'
        )
    shown = [
        line
        for line in _lines(pairs, found, sizes)
        if not line[0]["name"].startswith("staff's list: ")
    ]
    shown += [
        line for line in _lines(pairs, found, sizes) if line[0]["name"] == "staff's list: all"
    ]
    for place, (pair, database, line) in enumerate(shown):
        colour = _COLOURS[place // 2 % len(_COLOURS)]
        dash = ' stroke-dasharray="5 3"' if database == "postgresql" else ""
        points = " ".join(f"{_x(size):.0f},{_y(times):.0f}" for size, times in line.items())
        drawn.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="2"{dash} points="{points}"/>'
        )
        drawn.append(
            f'<text x="{_LEFT + _WIDE + 12}" y="{_TOP + 12 + 16 * place}" fill="{colour}">'
            f"{pair['name']}, {_DATABASES[database]}</text>"
        )
    return "\n".join([*drawn, "</svg>"]) + "\n"


def _x(size):
    low, high = map(math.log10, _SIZES)
    return _LEFT + _WIDE * (math.log10(size) - low) / (high - low)


def _y(times):
    share = math.log10(min(max(times, 0.5), _MOST) / 0.5) / math.log10(_MOST / 0.5)
    return _TOP + _HIGH * (1 - share)
