"""申請状況確認, and what hangs on it: the calendar file and 終了."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from applications.inquiry import signing_in
from applications.status_page import calendars, contents, done, kept
from koss.ground import clock


@require_safe
@signing_in.signed_in_unless(kept.answer)
def status(request):
    """The page with its eleven parts (申請状況照会の操作手順, parts 3 and 5)."""
    page = contents.StatusPage(request.application, clock.now())
    return kept.draw(request, {"page": page, "done": done.of(request, page.timeline)})


@require_safe
@signing_in.signed_in
def calendar(request):
    """The deadline as a file for one's own calendar."""
    application, now = request.application, clock.now()
    if not contents.StatusPage(application, now).next_step.calendar:
        raise Http404
    response = HttpResponse(
        calendars.deadline(application, now=now),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="deadline.ics"'
    return response


@require_POST
def end(request, handle):
    """終了: this inquiry is over, also in the browser's own memory."""
    signing_in.end(request, handle)
    response = redirect("top")
    response["Clear-Site-Data"] = '"cache"'
    return response
