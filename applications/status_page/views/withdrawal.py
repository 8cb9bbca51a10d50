"""申請の取り下げ from the status page (申請取り下げの操作手順, part 1)."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from applications.inquiry import signing_in
from applications.life import moves
from applications.status import Actor, MoveName
from applications.status_page import contents, done
from koss.ground import clock


@require_http_methods(["GET", "POST"])
@signing_in.signed_in
def withdrawal(request):
    """② The message with OK, then ③ the status page with 検査申請取り下げ中."""
    application, now = request.application, clock.now()
    if request.method == "GET":
        if not contents.may(application, MoveName.WITHDRAW, now=now):
            return refused(request, MoveName.WITHDRAW)
        context = {"request_key": moves.RequestKey.fresh(application)}
        return render(request, "applications/withdrawal.html", context)
    request_key = moves.RequestKey.read(request.POST.get("request_key"))
    try:
        moves.perform(
            MoveName.WITHDRAW,
            application,
            actor=Actor.APPLICANT,
            by=request.through.get("user_id", ""),
            now=now,
            request_key=request_key,
        )
    except moves.MoveRefused as refusal:
        return refused(request, MoveName.WITHDRAW, refusal.application)
    return done.lead_to(MoveName.WITHDRAW, request.handle)


def refused(request, name, application=None):
    """The page that says what happened meanwhile, or why this was never possible. 409."""
    application = application or request.application
    context = {"refusal": contents.refusal(application, name, now=clock.now())}
    return render(request, "applications/refused.html", context, status=409)
