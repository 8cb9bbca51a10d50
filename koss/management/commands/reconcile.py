"""``manage.py reconcile [--every SECONDS]``: ask the bank for what should have come by now."""

import logging
import time
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koss.ground import clock, request_ids
from koss.operation import minute
from payments.labels import Column
from payments.models import DebitState

logger = logging.getLogger(__name__)

# A round asks a little further back than the last whole one began: a bank may list a settlement
# some moments after it was made.
OVERLAP = timedelta(hours=1)

_WORDS = {
    "settlements": gettext_lazy("入金"),
    "numbers": Column.PAYMENT_NUMBER,
    "debits_sent": gettext_lazy("引き落とし依頼"),
    "debits_failed": DebitState.FAILED.label,
    "accounts": gettext_lazy("口座"),
    "unanswered": gettext_lazy("回答なし"),
}


class Command(BaseCommand):
    help = (
        "Ask the bank for settlements that no notice told of, for missing payment numbers, and "
        "for the fate of debits and accounts. Safe to run twice, on two machines at once, or "
        "again after it was killed. Exit status 1 when the bank did not answer everything."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--every",
            type=_seconds,
            metavar="SECONDS",
            help="go on for ever, with so many seconds between the rounds",
        )

    def handle(self, *, every, **_options):
        if every is None:
            request_ids.hold(request_ids.new())
            counts = minute.do()
            self.say(counts)
            if "unanswered" in counts:
                raise CommandError(_("金融機関の回答がないものがあります。"))
            return
        self.go_on(every)

    def go_on(self, every):
        """Round after round; neither bank nor database has to be there all the time."""
        since, was_away = None, False
        while True:
            request_ids.hold(request_ids.new())
            begun = clock.system_now()
            try:
                counts = minute.do(since=since)
            except Error as error:
                logger.warning("the database is away: %s", error)
                connection.close()
            else:
                is_away = "unanswered" in counts
                if set(counts) - {"unanswered"} or (is_away and not was_away):
                    self.say(counts)
                was_away = is_away
                if not is_away:
                    since = begun - OVERLAP
            close_old_connections()
            time.sleep(every)

    def say(self, counts):
        logger.info("reconciled", extra={"facts": dict(counts)})
        words = "、".join(f"{_WORDS[name]} {count:,}" for name, count in counts.items())
        self.stdout.write(_("照合：%(counts)s") % {"counts": words or _("差異なし")})
        self.stdout.flush()


def _seconds(text):
    """A whole number of seconds, at least one."""
    seconds = int(text)
    if seconds < 1:
        raise ValueError(text)
    return seconds
