"""The chart of statistics: a bar for each day, week or month, as many as one can read."""

from datetime import timedelta

from django.utils.translation import gettext

from koss.admin_kit import charts

_BARS = 14
_WEEK = 7


def periods(first, last):
    """(first day, last day) of each bar, together ``first`` … ``last``."""
    step = _days_of_a_bar(first, last)
    begin = first
    while begin <= last:
        end = begin + timedelta(days=step - 1) if step else _end_of_month(begin)
        yield begin, min(end, last)
        begin = end + timedelta(days=1)


def unit(first, last):
    """What one bar stands for where that is not a day, as a sentence; else ""."""
    sentences = {
        _WEEK: gettext("1本の棒は、下の日付からの1週間の合計です。"),
        0: gettext("1本の棒は、下の日付からその月の終わりまでの合計です。"),
    }
    return sentences.get(_days_of_a_bar(first, last), "")


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


def _days_of_a_bar(first, last):
    """0 for a month."""
    days = (last - first).days + 1
    return 1 if days <= _BARS else _WEEK if days <= _BARS * _WEEK else 0


def _words(begin, end):
    return f"{begin:%Y-%m-%d}" if begin == end else f"{begin:%Y-%m-%d} – {end:%Y-%m-%d}"


def _end_of_month(day):
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
