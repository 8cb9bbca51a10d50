"""統計 as a page and as a file."""

from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from koss.admin_kit.desk import Panel
from koss.admin_kit.lists import Reminder
from koss.ground import clock
from koss.ground.csv_lines import lines
from koss.statistics import chart
from koss.statistics.forms import PeriodForm
from koss.statistics.kinds import kinds_for

TITLE = _("統計")
# The page shows so many rows of a table; the file has them all.
SHOWN = 200
_DAYS_AT_FIRST = 28


def _of_a_period(view):
    """For a view of those who may see any kind; it gets the kinds and ``form``, maybe at fault."""

    @wraps(view)
    def guarded(request):
        kinds = kinds_for(request.user)
        if not kinds:
            raise PermissionDenied
        now = clock.now()
        data = request.GET
        if not {"kind", "first", "last"} & data.keys():
            data = _at_first(kinds, clock.business_date(now))
        return view(request, kinds, PeriodForm(data, kinds=kinds.values(), today=clock.day(now)))

    return admin.site.admin_view(never_cache(require_safe(guarded)))


def _at_first(kinds, last):
    """Four weeks until the newest day whose night has begun."""
    return {"kind": next(iter(kinds)), "first": last - timedelta(_DAYS_AT_FIRST - 1), "last": last}


@_of_a_period
def page(request, kinds, form):
    """A table of what was counted, below its chart."""
    context = {**admin.site.each_context(request), "title": TITLE, "form": form}
    if form.is_valid():
        kind, first, last = _asked(kinds, form)
        table = kind.count(request.user, first, last)
        facts = chart.drawn(
            table.by_day, first, last, lambda begin, end: _url("page", kind, begin, end)
        )
        context |= {
            "kind": kind,
            "first": first,
            "last": last,
            "table": table,
            "rows": table.shown(table.rows[:SHOWN]),
            "totals": table.shown([table.totals])[0] if table.rows else [],
            "left_out": len(table.rows) - SHOWN,
            "panel": Panel("chart", kind.title, ""),
            "facts": facts and {"chart": facts, "heading": table.headings[0].title},
            "unit": chart.unit(first, last),
            "csv_url": _url("csv", kind, first, last),
        }
    return TemplateResponse(request, "admin/statistics.html", context)


@_of_a_period
def csv_file(request, kinds, form):
    """The same as a file; a fault of the period is told by the page."""
    if not form.is_valid():
        return page(request)
    kind, first, last = _asked(kinds, form)
    table = kind.count(request.user, first, last)
    rows = [*table.rows, table.totals] if table.rows else []
    response = StreamingHttpResponse(
        lines([heading.title for heading in table.headings], rows),
        content_type="text/csv; charset=utf-8",
    )
    name = f"statistics-{kind.key}-{first:%Y%m%d}-{last:%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(kinds, form):
    asked = form.cleaned_data
    return kinds[asked["kind"]], asked["first"], asked["last"]


def _url(name, kind, first, last):
    period = {"kind": kind.key, "first": first.isoformat(), "last": last.isoformat()}
    return f"{reverse(f'statistics:{name}')}?{urlencode(period)}"


def reminder(user):
    """The way to the page, on the first page of staff who may see any of it."""
    return Reminder(TITLE, reverse("statistics:page")) if kinds_for(user) else None


admin.site.reminders.append(reminder)
