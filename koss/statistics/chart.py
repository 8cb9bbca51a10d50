"""The chart of statistics: a bar for each day, week or month, as many as one can read."""

from datetime import timedelta

from koss.admin_kit import charts

_BARS = 14
_WEEK = 7


def periods(first, last):
    """(first day, last day) of each bar, together ``first`` … ``last``."""
    days = (last - first).days + 1
    step = 1 if days <= _BARS else _WEEK if days <= _BARS * _WEEK else 0
    begin = first
    while begin <= last:
        end = begin + timedelta(days=step - 1) if step else _end_of_month(begin)
        yield begin, min(end, last)
        begin = end + timedelta(days=1)


def drawn(by_day, first, last, url):
    """Facts of the chart, or None for nothing. ``url``: (first, last) to what a bar leads to."""
    if not by_day:
        return None
    bars = list(periods(first, last))
    points = [
        charts.Point(
            _words(begin, end),
            sum(count for day, count in by_day.items() if begin <= day <= end),
            url(begin, end),
            # Of many every second one is named, the last always, or the words would touch.
            f"{begin:%m-%d}" if len(bars) <= _BARS // 2 or (len(bars) - place) % 2 else "",
        )
        for place, (begin, end) in enumerate(bars)
    ]
    return charts.columns(points)


def _words(begin, end):
    return f"{begin:%Y-%m-%d}" if begin == end else f"{begin:%Y-%m-%d} – {end:%Y-%m-%d}"


def _end_of_month(day):
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
