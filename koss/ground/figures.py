"""Figures that each process counts for Prometheus: requests, waits for the hasher, bank, tasks.

They lie in files of ``KOSS_DATA_DIR``/figures, so that one exporter (``manage.py metrics``) adds up
all processes of a machine. A process takes a free slot and goes on counting in its files, so there
are never more of them than processes at once, and no figure falls when one is started again.
Labels are our own words: never a path, a number or a name of somebody.
"""

import fcntl
import os
import threading
from functools import cache
from typing import NamedTuple

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.values import MultiProcessValue, MutexValue

from koss.ground.env import hand_on

# What no URL name is known for.
STATIC, NOWHERE = "static", "none"
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_SLOTS = 64
# Of each file so much is reserved on the disk: what is written in a file that the disk has no room
# for would end the process.
_RESERVED = 1024 * 1024
_making = threading.Lock()
_KINDS = ("counter", "histogram")


def _begin_anew():
    """In a copy of the process: its files are the other's, and so may be the lock."""
    global _making
    _making = threading.Lock()
    forget()


os.register_at_fork(after_in_child=_begin_anew)


def request_done(method, view, status, seconds):
    """One request to the address named ``view`` (URL name, STATIC or NOWHERE) was answered."""
    mine = _of_process()
    method = method if method in _METHODS else "other"
    mine["requests"].labels(method, view, str(status)).inc()
    mine["request_seconds"].labels(view).observe(seconds)


def hash_waited(seconds, *, served):
    """A password waited so long for one of the places at the hasher; ``served``: it got one."""
    _of_process()["hash_wait_seconds"].labels("served" if served else "busy").observe(seconds)


def bank_answered(outcome, seconds):
    """The bank was asked. ``outcome``: answered, refused, unreachable."""
    _of_process()["bank_seconds"].labels(outcome).observe(seconds)


def task_done(task, outcome, seconds):
    """A worker has done ``task`` (name of its function). ``outcome``: done, failed."""
    _of_process()["task_seconds"].labels(task, outcome).observe(seconds)


def directory():
    """Where the files of all processes of this machine lie."""
    return settings.DATA_DIR / "figures"


class Figure(NamedTuple):
    """One figure: its name without ``koss_``, what it says, its labels; ``buckets``: seconds."""

    name: str
    words: str
    labels: tuple
    buckets: tuple = ()


FIGURES = (
    Figure("requests", "Requests that were answered.", ("method", "view", "status")),
    Figure(
        "request_seconds",
        "Time until the answer to a request was made.",
        ("view",),
        (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    ),
    Figure(
        "hash_wait_seconds",
        "Time that a password waited for a place at the hasher.",
        ("outcome",),
        (0.005, 0.05, 0.25, 0.5, 1, 2),
    ),
    Figure(
        "bank_seconds",
        "Time until the bank had answered a question, or had not.",
        ("outcome",),
        (0.05, 0.25, 0.5, 1, 2, 3, 6),
    ),
    Figure(
        "task_seconds",
        "Time that a worker needed for a task.",
        ("task", "outcome"),
        (0.05, 0.25, 1, 5, 30, 120, 600),
    ),
)


def names():
    """Every name that a query may use: of a counter, or of a histogram with its endings."""
    for figure in FIGURES:
        ends = ("bucket", "sum", "count") if figure.buckets else ("total",)
        yield from (f"koss_{figure.name}_{end}" for end in ends)


def forget():
    """Count in a slot that is taken anew, from the next figure on."""
    _made.cache_clear()
    _slot_of.cache_clear()


def _of_process():
    """Name → the figure of this process; made when the first one is counted, by one thread."""
    with _making:
        return _made()


@cache
def _made():
    values.ValueClass = _value_class()
    registry = CollectorRegistry()
    return {
        each.name: Histogram(
            f"koss_{each.name}", each.words, each.labels, registry=registry, buckets=each.buckets
        )
        if each.buckets
        else Counter(f"koss_{each.name}", each.words, each.labels, registry=registry)
        for each in FIGURES
    }


def _value_class():
    """Values in the files of a slot; in memory alone where no file can be had."""
    try:
        hand_on("PROMETHEUS_MULTIPROC_DIR", str(directory()))
        return MultiProcessValue(_slot)
    except OSError:
        return MutexValue


def _slot():
    return _slot_of(os.getpid())


@cache
def _slot_of(_pid):
    """The number of a free slot, which is this process's until it ends, however it does."""
    directory().mkdir(exist_ok=True)
    for number in range(_SLOTS):
        lock = os.open(directory() / f"{number}.lock", os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        # The open file is the lock: it is never closed.
        for kind in _KINDS:
            _reserve(directory() / f"{kind}_{number}.db")
        return number
    raise OSError("no slot is free")


def _reserve(path):
    """Make the file, unless it is there: whole or not at all, as the exporter may read it now."""
    if path.exists():
        return
    fresh = path.with_suffix(".new")
    try:
        with fresh.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, _RESERVED)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
