"""How the lists of staff show an application's values: words first, colours beside them."""

from datetime import timedelta

from django.utils.html import format_html
from django.utils.translation import gettext

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


def status_badge(application):
    """The status in its colour, as on the portal."""
    return format_html(
        '<span class="koss-status koss-status--{}">{}</span>',
        application.status,
        application.get_status_display(),
    )


def clamped(name):
    """A name in two lines at most."""
    title = name if len(name) > _LONG else ""
    return format_html('<span class="koss-clamp"{}>{}</span>', _title(title), name)


def _title(words):
    return format_html(' title="{}"', words) if words else ""
