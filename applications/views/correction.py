"""申請の補正: fill in what the order names, look at it once more, send it."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications import corrections, inquiry, moves, pages
from applications.forms import CorrectionForm
from applications.status import Actor, MoveName
from applications.views.withdrawal import refused
from koss import clock


def _with_order(view):
    """Give the view the order that waits for an answer; without one, the page that says why."""

    @inquiry.signed_in
    def guarded(request):
        order = corrections.open_order_of(request.application)
        may = order and pages.may(request.application, MoveName.SEND_CORRECTION, now=clock.now())
        press = moves.Press.read(request.POST.get("press"))
        if moves.made(request.application, MoveName.SEND_CORRECTION, press):
            return redirect("applications:status", request.handle)
        return view(request, order) if may else refused(request, MoveName.SEND_CORRECTION)

    return guarded


@require_http_methods(["GET", "POST"])
@_with_order
def correction(request, order):
    """The form; sent without a fault, it leads to the review."""
    form = CorrectionForm(request.POST or None, instance=request.application, order=order)
    if request.method == "POST" and form.is_valid():
        return _page(request, "correction_review", order, form)
    return _page(request, "correction", order, form)


@require_http_methods(["GET", "POST"])
@_with_order
def review(request, order):
    """送る or 戻る; what was typed travels along either way."""
    if request.method == "GET":
        return redirect("applications:correction", request.handle)
    form = CorrectionForm(request.POST, instance=request.application, order=order)
    if "back" in request.POST or not form.is_valid():
        return _page(request, "correction", order, form)
    try:
        moves.perform(
            MoveName.SEND_CORRECTION,
            request.application,
            actor=Actor.APPLICANT,
            now=clock.now(),
            inputs=moves.Inputs(changes=dict(form.cleaned_data)),
            press=moves.Press.read(request.POST.get("press")),
        )
    except moves.MoveRefused as refusal:
        return refused(request, MoveName.SEND_CORRECTION, refusal.application)
    return redirect("applications:status", request.handle)


def _page(request, name, order, form):
    press = request.POST.get("press") or moves.Press.fresh(request.application)
    context = {"order": order, "form": form, "press": press}
    if name == "correction_review":
        context["changes"] = form.changes()
    return render(request, f"applications/{name}.html", context)
