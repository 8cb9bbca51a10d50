"""申請状況確認, and what hangs on it: the calendar file and 終了."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from applications import calendars, inquiry, moves, pages
from koss import clock


@require_safe
@inquiry.signed_in
def status(request):
    """The page with its eleven parts (申請状況照会の操作手順, parts 3 and 5)."""
    page = pages.status_page(request.application, now=clock.now())
    context = {"page": page, "press": moves.Press.fresh(request.application)}
    return render(request, "applications/status.html", context)


@require_safe
@inquiry.signed_in
def calendar(request):
    """The deadline as a file for one's own calendar."""
    application = request.application
    if application.deadline is None:
        raise Http404
    response = HttpResponse(
        calendars.deadline(application, now=clock.now()),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{application.receipt_number}.ics"'
    return response


@require_POST
def end(request, handle):
    """終了: this inquiry is over, also in the browser's own memory."""
    inquiry.end(request, handle)
    response = redirect("top")
    response["Clear-Site-Data"] = '"cache"'
    return response
