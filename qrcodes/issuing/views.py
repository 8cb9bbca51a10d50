"""The applicant's screens (【一括申請】二次元コード発行の操作手順)."""

from functools import wraps

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.inquiry import signing_in
from applications.life.moves import RequestKey
from applications.models import ReceivingMethod
from applications.status import Status
from koss.access import handles, sources, visitors
from koss.access.passwords import Busy
from koss.ground import clock
from qrcodes.issuing import codes, symbol
from qrcodes.issuing.forms import IssueForm
from qrcodes.models import Code

# Which codes this browser may look at: those it issued itself, and not for long.
_ISSUED = handles.Shelf("codes", stays=True)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def issue(request):
    """二次元コード発行 (parts 2 to 4, ①). The answer never tells whether a name is registered."""
    form, status = IssueForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            return _issued(request, form)
        except Busy:
            form.say_busy()
            status = 503
        except codes.NotNow as refused:
            status = form.say_not_now(refused.answer)
        except sources.TooMany as refused:
            form.say_too_many(refused.retry_at)
            status = 429
    return render(request, "qrcodes/issue.html", {"form": form}, status=status)


def _issued(request, form):
    now, visit = clock.now(), visitors.visit_of(request)
    sources.admit(visit["source"], now=now)
    code = form.issue(now=now, **visit)
    response = redirect("qrcodes:confirmation", _ISSUED.put(request, code=code.pk))
    # Right or wrong: else the cookie would tell.
    visitors.remember_device(response, visit["device"])
    return response


def _on_the_shelf(view):
    """Give the view the code behind the handle; without one, the page that says so."""

    @wraps(view)
    def guarded(request, handle):
        try:
            opened = _ISSUED.find(request, handle)
        except handles.Ended:
            opened = None
        code = opened and Code.objects.filter(pk=opened.facts["code"]).first()
        if code is None:
            return render(request, "qrcodes/gone.html", status=404)
        return view(request, code, handle)

    return guarded


@require_safe
@_on_the_shelf
def confirmation(request, code, handle):
    """二次元コード確認 (parts 2 to 4, ②)."""
    context = {"code": code, "symbol": symbol.svg(code), "handle": handle}
    return render(request, "qrcodes/confirmation.html", context)


@require_safe
@_on_the_shelf
def png(request, code, handle):
    """The symbol alone, to keep on a phone."""
    return _picture(code)


@require_POST
def end(request, handle):
    """終了: this browser forgets the code, also in its own memory."""
    _ISSUED.end(request, handle)
    response = redirect("top")
    response["Clear-Site-Data"] = '"cache"'
    return response


@require_http_methods(["GET", "POST"])
@signing_in.signed_in
def vehicle_issue(request):
    """受取者認証兼受取車両個別申告用 (part 6, ①); GET warns of what it changes for good."""
    application, now = request.application, clock.now()
    if request.method == "GET":
        if application.status not in Status.READY:
            return render(request, "qrcodes/not_ready.html", status=409)
        context = {
            "request_key": RequestKey.fresh(application),
            "new_method": ReceivingMethod.VEHICLE_CODE,
        }
        return render(request, "qrcodes/vehicle_issue.html", context)
    try:
        codes.issue_for_vehicle(
            application, now=now, request_key=RequestKey.read(request.POST.get("request_key"))
        )
    except codes.NotReady as refusal:
        request.application = refusal.application
        return render(request, "qrcodes/not_ready.html", status=409)
    return redirect("qrcodes:vehicle", request.handle)


def _with_live_code(view):
    """Give the view the vehicle's code that still works; without one, lead to the status page."""

    @signing_in.signed_in
    def guarded(request):
        code = codes.live_code_of(request.application)
        if code is None:
            return redirect("applications:status", request.handle)
        return view(request, code)

    return guarded


@require_safe
@_with_live_code
def vehicle(request, code):
    """二次元コード確認 of one vehicle (part 6, ②)."""
    context = {"code": code, "symbol": symbol.svg(code)}
    return render(request, "qrcodes/vehicle.html", context)


@require_safe
@_with_live_code
def vehicle_png(request, code):
    """The vehicle's symbol alone."""
    return _picture(code)


def _picture(code):
    response = HttpResponse(symbol.png(code), content_type="image/png")
    response["Content-Disposition"] = 'attachment; filename="code.png"'
    return response
