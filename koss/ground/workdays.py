"""When the offices work. Only for sentences and the demo world: deadlines and the night never
roll over holidays."""

from datetime import date, timedelta

import jpholiday


def is_working_day(day: date) -> bool:
    """Monday to Friday, but not on holidays nor from 29 December to 3 January."""
    new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not new_year and not jpholiday.is_holiday(day)


def next_working_day(day: date) -> date:
    """``day`` itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def last_working_day(day: date) -> date:
    """``day`` itself, or the last working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
