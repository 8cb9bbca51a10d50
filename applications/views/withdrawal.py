"""申請の取り下げ from the status page (申請取り下げの操作手順, part 1)."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications import inquiry, moves, pages
from applications.status import Actor, MoveName
from koss import clock


@require_http_methods(["GET", "POST"])
@inquiry.signed_in
def withdrawal(request):
    """② The message with OK, then ③ the status page with 検査申請取り下げ中."""
    application, now = request.application, clock.now()
    if request.method == "GET":
        if not pages.may(application, MoveName.WITHDRAW, now=now):
            return refused(request, MoveName.WITHDRAW)
        context = {"press": moves.Press.fresh(application)}
        return render(request, "applications/withdrawal.html", context)
    press = moves.Press.read(request.POST.get("press"))
    try:
        moves.perform(MoveName.WITHDRAW, application, actor=Actor.APPLICANT, now=now, press=press)
    except moves.MoveRefused as refusal:
        return refused(request, MoveName.WITHDRAW, refusal.application)
    return redirect("applications:status", request.handle)


def refused(request, name, application=None):
    """The page that says what happened meanwhile, or why this was never possible. 409."""
    application = application or request.application
    context = {"refusal": pages.refusal(application, name, now=clock.now())}
    return render(request, "applications/refused.html", context, status=409)
