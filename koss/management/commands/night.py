"""``manage.py night [YYYY-MM-DD]``: do the night's work, for the first time or once more."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from koss.ground import clock, dates, request_ids
from koss.operation import night


class Command(BaseCommand):
    help = (
        "Do what is due when a business date is over. Without a date: the newest one whose night "
        "has begun, which includes everything that missed nights have left. Safe to run twice, on "
        "two machines at once, or again after it was killed."
    )

    def add_arguments(self, parser):
        parser.add_argument("business_date", nargs="?", metavar="YYYY-MM-DD")
        parser.add_argument("--quiet", action="store_true", help="only speak of failures")

    def handle(self, *, business_date, quiet, **options):
        request_ids.hold(request_ids.new())
        now = clock.now()
        day = read_date(business_date) if business_date else clock.business_date(now)
        say = _silence if quiet else self.say
        say(_("夜間処理 %(date)s") % {"date": day})
        try:
            run = night.run(day, now=now, report=None if quiet else self.report)
        except night.NightNotBegun as error:
            raise CommandError(
                _("%(date)s の夜間処理は %(moment)s から実行できます。")
                % {"date": day, "moment": f"{clock.night_begins(day):%Y-%m-%d %H:%M}"}
            ) from error
        except night.NightUnfinished as error:
            raise CommandError(
                _(
                    "実行できなかった処理があります：%(steps)s。原因を除いてから、もう一度実行してください。"
                )
                % {"steps": error}
            ) from error
        say(_("夜間処理 %(date)s を終えました。") % {"date": day})
        for title, count in night.told(run):
            say(f"  {count:>9,}  {title}")

    def report(self, title, done):
        self.say(f"{title} {done:,}")

    def say(self, line):
        """Show ``line`` at once, also where the output is a pipe or a file."""
        self.stdout.write(line)
        self.stdout.flush()


def _silence(line):
    """For ``--quiet``."""


def read_date(text):
    """The day that ``text`` means, or CommandError."""
    day = dates.read_day(text)
    if day is None:
        raise CommandError(
            _("「%(text)s」は日付として読み取れません。2026-04-01 のように指定してください。")
            % {"text": text}
        )
    return day
