"""What Prometheus is given: the figures of all processes, and gauges read from the database.

``GAUGES`` is the list of the second kind; ``koss.ground.figures`` defines the first. A database
that is away costs its gauges, and ``koss_database_up`` says so.
"""

from typing import NamedTuple

from django.db import Error, connection
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from koss.ground import clock, figures
from koss.operation import gauges


class Gauge(NamedTuple):
    """One gauge: its name without ``koss_``, what it says, the name of its label or ""."""

    name: str
    words: str
    label: str = ""


GAUGES = (
    Gauge("database_up", "1: the database answered."),
    Gauge("queue_tasks", "Tasks that a worker may begin.", "queue"),
    Gauge("queue_oldest_seconds", "For how long the first of them has waited.", "queue"),
    Gauge("mails_waiting", "Mails that are not sent yet."),
    Gauge("mail_oldest_seconds", "For how long the first of them has been due."),
    Gauge("mails_dead", "Mails that could not be sent, and wait for an operator."),
    Gauge("night_finished_seconds", "How long ago the newest whole night ended."),
    Gauge("night_missed", "1: a night that has had its time is not done."),
    Gauge("password_locks", "Passwords that were locked within a day."),
    Gauge("sources_refused", "Network addresses that were refused within a day."),
    Gauge("refunds_open", "Money that must go back; unknown_number: matches nothing.", "reason"),
    Gauge("numbers_awaiting_bank", "Numbers past their due date that wait for the bank."),
    Gauge("bank_silent_seconds", "For how long the bank's settlements have not been known."),
    Gauge("webhook_messages_waiting", "Messages of webhooks that are not delivered yet."),
    Gauge("webhook_oldest_seconds", "For how long the first of them has been due."),
    Gauge("webhooks_failing", "Webhooks whose newest try did not arrive."),
    Gauge("webhooks_disabled", "Webhooks to which no more is sent."),
    Gauge("sets_unfinished", "Sets of the bulk interface that are being worked on."),
    Gauge("applications", "Applications in a status; 10001 stands for more.", "status"),
)


def registry():
    """All that is offered, as prometheus_client wants it."""
    figures.directory().mkdir(exist_ok=True)
    found = CollectorRegistry(auto_describe=False)
    found.register(FromDatabase())
    MultiProcessCollector(found, path=str(figures.directory()))
    return found


def names():
    """Every name that a query may use: of gauges, counters and histograms with their endings."""
    return {f"koss_{gauge.name}" for gauge in GAUGES} | set(figures.names())


class FromDatabase(Collector):
    """The gauges, read when they are asked for."""

    def collect(self):
        values = {"database_up": 0}
        try:
            values |= {**_values(), "database_up": 1}
        except Error:
            connection.close()
        for gauge in GAUGES:
            if gauge.name in values:
                yield _family(gauge, values[gauge.name])


def _family(gauge, value):
    labels = [gauge.label] if gauge.label else []
    family = GaugeMetricFamily(f"koss_{gauge.name}", gauge.words, labels=labels)
    for label, number in value.items() if gauge.label else [(None, value)]:
        family.add_metric([label] if gauge.label else [], number)
    return family


def _values():
    """Name of a gauge → its value, or {label: value}. What is not known yet is left out."""
    now = clock.now()
    queues, mails, messages = gauges.queues(), gauges.mails(now), gauges.webhook_messages(now)
    found = {
        "queue_tasks": {name: queue.count for name, queue in queues.items()},
        "queue_oldest_seconds": {name: _seconds(queue.waits) for name, queue in queues.items()},
        "mails_waiting": mails.count,
        "mail_oldest_seconds": _seconds(mails.waits),
        "webhook_messages_waiting": messages.count,
        "webhook_oldest_seconds": _seconds(messages.waits),
        "refunds_open": gauges.refunds(),
        "applications": gauges.applications(),
    }
    for name, count in gauges.webhooks().items():
        found[f"webhooks_{name}"] = count
    counted = gauges.counted(now)
    found |= counted | {"password_locks": counted["locks"]}
    night = gauges.last_night()
    missed = night is None or night.business_date < gauges.night_due(now)
    found["night_missed"] = int(missed)
    if night is not None:
        found["night_finished_seconds"] = _seconds(now - night.finished_at)
    if (silent := gauges.bank_silent_for(now)) is not None:
        found["bank_silent_seconds"] = _seconds(silent)
    return found


def _seconds(length):
    return length.total_seconds()
