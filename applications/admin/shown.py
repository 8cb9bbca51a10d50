"""How the lists of staff show an application's values: words first, colours beside them."""

from datetime import timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext

from applications.models import ProposalState
from applications.staff import reviews
from applications.staff.desk import NEAR_DAYS

# A name that is longer is cut off in a list; the whole stands in its title and on the page.
_LONG = 20


def due_in_words(deadline, today):
    """A deadline with the time that is left: red when it is over, orange when it is near."""
    if deadline is None:
        return None
    left = (deadline - today) // timedelta(days=1)
    facts = {"day": f"{deadline:%Y-%m-%d}", "left": left}
    if left < 0:
        tone, said = "over", gettext("%(day)s（切れ）") % facts
    elif left == 0:
        tone, said = "near", gettext("%(day)s（本日まで）") % facts
    elif left <= NEAR_DAYS:
        tone, said = "near", gettext("%(day)s（あと%(left)d日）") % facts
    else:
        tone, said = "later", gettext("%(day)s（あと%(left)d日）") % facts
    return format_html('<span class="koss-due koss-due--{}">{}</span>', tone, said)


def status_badge(application, review=None, *, waits=False):
    """The status in its colour, as on the portal, who has it open, whether a proposal waits."""
    badge = format_html(
        '<span class="koss-status koss-status--{}">{}</span>',
        application.status,
        application.get_status_display(),
    )
    if waits:
        second = ProposalState.WAITING.label
        badge = format_html('{} <span class="koss-reviewed">{}</span>', badge, second)
    if review is None:
        return badge
    return format_html('{} <span class="koss-reviewed">{}</span>', badge, reviewed_by(review))


def reviewed_by(review):
    """Who reviews, and since when; nothing for None."""
    if review is None:
        return ""
    since = timezone.localtime(review.since)
    facts = {"name": reviews.who(review), "since": f"{since:%H:%M}"}
    return gettext("審査中：%(name)s（%(since)sから）") % facts


def clamped(name):
    """A name in two lines at most."""
    title = name if len(name) > _LONG else ""
    return format_html('<span class="koss-clamp"{}>{}</span>', _title(title), name)


def _title(words):
    return format_html(' title="{}"', words) if words else ""
