"""日次収納報告 as a page and as a file."""

from datetime import date, timedelta
from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from koss.admin_kit.lists import Reminder
from koss.ground import clock
from payments.batches import csv_files
from payments.labels import Screen
from payments.models import SettlementNotice
from payments.money import cash
from payments.staff.duties import may_see_report
from payments.staff.forms import DayForm

_TITLE = Screen.DAILY_REPORT
_FIRST_DAY = date(2000, 1, 1)
_DAY = timedelta(days=1)


def _for_a_day(view):
    """For a view of those who may see the report; it gets ``form``, whose day may be at fault."""

    @wraps(view)
    def guarded(request):
        if not may_see_report(request.user):
            raise PermissionDenied
        now = clock.now()
        data = request.GET if "day" in request.GET else {"day": clock.business_date(now)}
        return view(request, DayForm(data, first=_FIRST_DAY, last=clock.day(now)))

    return admin.site.admin_view(never_cache(require_safe(guarded)))


@_for_a_day
def daily(request, form):
    """One day: the day before this morning's night, unless another one is asked for."""
    report = cash.of_day(form.cleaned_data["day"]) if form.is_valid() else None
    context = {
        **admin.site.each_context(request),
        "title": _TITLE,
        "form": form,
        "report": report,
        "way_label": SettlementNotice._meta.get_field("way").verbose_name,
        "earlier": report and report.day > _FIRST_DAY and report.day - _DAY,
        "later": report and report.day < clock.today() and report.day + _DAY,
    }
    return TemplateResponse(request, "admin/payments/cash.html", context)


@_for_a_day
def daily_csv(request, form):
    """The same day as a file; a fault of the day is told by the page."""
    if not form.is_valid():
        return daily(request)
    report = cash.of_day(form.cleaned_data["day"])
    lines = csv_files.cash_report(report)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cash-{report.day:%Y%m%d}.csv"'
    return response


def reminder(user):
    """The way to the report, on the first page of staff who may see it."""
    return Reminder(_TITLE, reverse("cash:daily")) if may_see_report(user) else None


admin.site.reminders.append(reminder)
