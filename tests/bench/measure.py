"""Measuring two things in turn, so that what swings with the machine falls out of their ratio."""

import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

# A round repeats what is quick until it has taken about this long, in seconds.
_LONG_ENOUGH = 0.15


@dataclass(frozen=True, slots=True)
class Pair:
    """``prepare``: a generator function that yields (measured, baseline), two callables.

    ``goal``: of measured / baseline at most, or, with ``rate``, of baseline / measured at least:
    how many are served in the time of one of the baseline. ``baseline`` "": a millisecond.
    ``grows``: it is measured at every size.
    """

    name: str
    baseline: str
    goal: float
    prepare: Callable
    rate: bool = False
    grows: bool = False


def said(pair):
    """What the report needs to know of ``pair``."""
    return {name: getattr(pair, name) for name in ("name", "baseline", "goal", "rate", "grows")}


def measure(pair, rounds):
    """{"ratio": [least, median, most], "ms": median of one call of the measured one}."""
    clock = cpu_clock()
    making = pair.prepare()
    measured, baseline = next(making)
    try:
        times = [_times(call, clock) if call else 0 for call in (measured, baseline)]
        ratios, each = [], []
        for _ in range(rounds):
            took = _spent(measured, times[0], clock)
            against = _spent(baseline, times[1], clock) if baseline else 0.001
            ratios.append(against / took if pair.rate else took / against)
            each.append(took)
    finally:
        making.close()
    spread = [min(ratios), statistics.median(ratios), max(ratios)]
    return {"ratio": spread, "ms": statistics.median(each) * 1000}


def _times(call, clock):
    """How often ``call`` fits into a round; it is warm afterwards."""
    call()
    return max(1, min(500, round(_LONG_ENOUGH / max(_spent(call, 1, clock), 1e-6))))


def _spent(call, times, clock):
    begun = clock()
    for _ in range(times):
        call()
    return (clock() - begun) / times


def cpu_clock():
    """A clock of the processor time that this process and its database server have used.

    Where the server's time cannot be read, of this process alone on SQLite, else of the wall.
    """
    if connection.vendor == "sqlite":
        return time.process_time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        file = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    with suppress(OSError, ValueError):
        int(file.read_text().split()[0])
        return lambda: time.process_time() + int(file.read_text().split()[0]) / 1e9
    return time.perf_counter
