"""The counter (窓口): a code is scanned or its key typed, checked, and acted upon.

One page finds the code, one shows what it is for and asks, one says what was done. Every rule is
in ``qrcodes.counter.handing_over``; a second press of a form leads to the page of the first.
"""

from datetime import timedelta
from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from applications.models import Application, Office
from applications.staff import roles
from applications.status import Actor, MoveName
from koss.ground import clock, numbers
from qrcodes.counter import finding, handing_over
from qrcodes.counter.admin.forms import HandOverForm, LookForm, PaperForm
from qrcodes.models import Code, CodeKind, Look, Pickup, Refusal

# A code that was found stays open for its clerk so long; then it is scanned again.
_OPEN_FOR = timedelta(hours=1)
_VEHICLES_AT_ONCE = 200
_TAKE_OVER = {
    CodeKind.REGISTRATION: handing_over.register,
    CodeKind.PASSWORD_CHANGE: handing_over.take_over_password,
}
_BUTTONS = {
    CodeKind.REGISTRATION: _("受取者を登録する"),
    CodeKind.PASSWORD_CHANGE: _("新しいパスワードに変更する"),
    CodeKind.AUTHENTICATION: _("まとめて渡す"),
    CodeKind.VEHICLE: MoveName.HAND_OVER.label,
}
_ANSWERS = {Refusal.THROTTLED: 429, Refusal.UNKNOWN: 404, Refusal.FORGED: 404}
_MISREAD = {Refusal.FOREIGN, Refusal.JAPANESE_INPUT}


def _at_the_counter(*methods):
    """For a view of counter staff at their own office, which it gets as ``office``."""

    def for_view(view):
        of_these_methods = require_http_methods(methods)(view)

        @wraps(view)
        def guarded(request, **key):
            duties = roles.duties_of(request.user)
            if Actor.COUNTER not in duties.actors:
                raise PermissionDenied
            office = Office.objects.filter(pk=duties.office_id).first()
            if office is None:
                return _page(request, "no_desk", roles.Role.COUNTER.label, status=403)
            return of_these_methods(request, office=office, **key)

        return admin.site.admin_view(never_cache(guarded))

    return for_view


@_at_the_counter("GET", "HEAD", "POST")
def desk(request, office):
    """The one field. What it finds opens on a page of its own."""
    form = LookForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _desk(request, office, form)
    text = form.cleaned_data["text"]
    try:
        code = finding.look(text, by=_name(request), office=office, now=clock.now())
    except finding.CodeRefused as refusal:
        if refusal.reason == Refusal.MISTYPED:  # by hand: kept, to be corrected
            form.add_error("text", refusal.sentence)
            return _desk(request, office, form)
        if refusal.reason in _MISREAD:
            form.misread(refusal.sentence)
            return _desk(request, office, form)
        return _refused(request, office, refusal)
    return redirect("counter:code", code.pk)


@_at_the_counter("GET", "HEAD", "POST")
def found(request, office, pk):
    """What the code is for, whose it is, and the form that acts upon it."""
    code = _found_by(request, office, pk)
    if code is None:
        messages.warning(request, gettext("もう一度、二次元コードを読み取ってください。"))
        return redirect("counter:desk")
    try:
        if code.kind in _TAKE_OVER:
            return _paper(request, office, code)
        return _vehicles(request, office, code)
    except finding.CodeRefused as refusal:
        return _refused(request, office, refusal)


@_at_the_counter("GET", "HEAD")
def receipt(request, office, pk):
    """What was done with a code at this counter, to print for who brought it."""
    code = _with_receipt(pk, office)
    if code is None:
        raise Http404
    pickups = code.pickups.filter(office=office).select_related("application").order_by("pk")
    event = getattr(code, "event", None)
    page = {
        "code": code,
        "office": office,
        "event": event,
        "pickups": pickups,
        "last": event or pickups.last(),
    }
    title = event.get_kind_display() if event else Pickup._meta.verbose_name
    return _page(request, "receipt", title, page)


def _paper(request, office, code):
    """新規登録用 and パスワード変更用: the clerk ticks what the paper says, and records it."""
    data = request.POST if request.method == "POST" else None
    form = PaperForm(data, receiver_name=code.receiver_name)
    if not form.is_valid():
        finding.open_code(code, office=office, now=clock.now())
        return _code_page(request, "paper", code, form)
    _TAKE_OVER[code.kind](
        code,
        by=_name(request),
        office=office,
        now=clock.now(),
        request_key=form.cleaned_data["request_key"],
    )
    return redirect("counter:receipt", code.pk)


def _vehicles(request, office, code):
    """認証用 and 個別申告用: the vehicles that can be handed over, all or some at one press."""
    data = request.POST if request.method == "POST" else None
    vehicles = _offered(code, office)
    form = HandOverForm(data, vehicles=vehicles)
    if not form.is_valid():
        finding.open_code(code, office=office, now=clock.now())
        more = {"count": len(vehicles), "at_once": _VEHICLES_AT_ONCE}
        return _code_page(request, "vehicles", code, form, **more)
    results = handing_over.hand_over(
        code,
        form.chosen(),
        by=_name(request),
        office=office,
        now=clock.now(),
        papers_seen=form.papers_seen(),
        request_key=form.cleaned_data["request_key"],
    )
    return _told(request, code, results)


def _offered(code, office):
    """(application, papers to show) of what is ready, and of what this code has just fetched.

    The latter are read last, so that the second press of a form misses none of the first one's.
    """
    ready = list(finding.ready_for(code, office)[:_VEHICLES_AT_ONCE])
    fetched = Application.objects.filter(pickup__code=code).prefetch_related("attachments")
    offered = {application.pk: application for application in [*ready, *fetched]}
    return [
        (application, handing_over.papers_to_show(application)) for application in offered.values()
    ]


def _told(request, code, results):
    """Lead to the receipt, or back to the list where nothing was handed over; name the rest."""
    for result in results:
        if result.pickup is None:
            number = numbers.grouped(result.application.receipt_number)
            said = gettext("渡していません：%(number)s　%(why)s")
            messages.warning(request, said % {"number": number, "why": result.sentence})
    if any(result.pickup for result in results):
        return redirect("counter:receipt", code.pk)
    return redirect("counter:code", code.pk)


def _found_by(request, office, pk):
    """The code that this clerk found here a short while ago, or None."""
    found_here = Look.objects.filter(
        by=_name(request),
        office=office,
        code=pk,
        result="",
        at__gt=clock.now() - _OPEN_FOR,
    )
    codes = Code.objects.select_related("application", "receiver")
    return codes.filter(pk=pk).first() if found_here.exists() else None


def _with_receipt(pk, office):
    """The code, if something was done with it at the counter of ``office``, or None."""
    here = Q(event__office=office) | Q(pickups__office=office)
    return Code.objects.filter(here, pk=pk).distinct().first()


def _desk(request, office, form):
    looks = Look.objects.filter(by=_name(request), office=office)
    page = {"office": office, "form": form, "looks": looks.select_related("code")[:10]}
    return _page(request, "desk", roles.Role.COUNTER.label, page)


def _code_page(request, template, code, form, **more):
    page = {"code": code, "form": form, "button_label": _BUTTONS[code.kind], **more}
    return _page(request, template, code.title, page)


def _refused(request, office, refusal):
    """Why nothing was done."""
    code = refusal.code
    page = {
        "refusal": refusal,
        "code": code,
        "receipt": _with_receipt(code.pk, office) if code else None,
    }
    status = _ANSWERS.get(refusal.reason, 409)
    return _page(request, "refused", refusal.reason.label, page, status=status)


def _page(request, template, title, page=None, *, status=200):
    context = {
        **admin.site.each_context(request),
        "title": title,
        "counter_name": roles.Role.COUNTER.label,
        **(page or {}),
    }
    return TemplateResponse(request, f"admin/qrcodes/{template}.html", context, status=status)


def _name(request):
    return request.user.get_username()
