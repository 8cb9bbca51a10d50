"""Signing in to one's own application (状況照会ログイン), and how long that lasts.

Two steps (【画面申請】申請状況照会の操作手順, steps 1 to 4): the number, then the password. The
number waits for the second step in the visitor's own browser, so that typing numbers alone
leaves no rows behind. Each signed-in application has a random handle of its own, and every address
contains it, so two tabs never act on each other's application.
"""

import secrets
from datetime import timedelta
from functools import partial, wraps

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac

from applications.models import Application
from applications.status import Procedure
from koss.access import handles, leftovers, passwords, visitors

LOCK_KIND = "application"
INQUIRIES = handles.Shelf("inquiries")
_SALT = "applications.inquiry.typed_number"
_STEP_LASTS = timedelta(minutes=30)
# Rooms that open inquiries for others than applicants add a function here: from what such an
# inquiry was opened through, and its application, to whether it still stands open.
still_open = []


def to_password(receipt_number, then=""):
    """The way to the second step, for the number that was typed in the first.

    ``then``: "correction" leads there after the sign-in, instead of to the status page.
    """
    handle = secrets.token_urlsafe(16)
    address = reverse("applications:password", args=[handle])
    response = redirect(f"{address}?then={then}" if then else address)
    response.set_signed_cookie(
        _typed(handle),
        receipt_number,
        salt=_SALT,
        max_age=_STEP_LASTS,
        path=address,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )
    return response


def typed_number(request, handle):
    """The number of the first step, or None."""
    return request.get_signed_cookie(
        _typed(handle), default=None, salt=_SALT, max_age=_STEP_LASTS.total_seconds()
    )


def _typed(handle):
    return f"koss_typed_{handle}"


def apparent_procedure(receipt_number):
    """The procedure that the second step names; for an unknown number a steady invention."""
    found = (
        Application.objects.filter(receipt_number=receipt_number)
        .values_list("procedure", flat=True)
        .first()
    )
    if found:
        return Procedure(found)
    digest = salted_hmac("applications.inquiry", receipt_number, algorithm="sha256").digest()
    return list(Procedure)[digest[0] % len(Procedure)]


def sign_in(request, handle, typed, *, now):
    """Try the password for the number kept under ``handle``.

    Returns (answer, response to complete): the response is a redirect to the status page, or where
    else the login was asked to lead, when the answer is RIGHT, else None.
    """
    receipt_number = typed_number(request, handle)
    application = Application.objects.filter(receipt_number=receipt_number).first()
    visit = visitors.visit_of(request)
    answer = passwords.attempt(
        LOCK_KIND,
        receipt_number,
        typed,
        application.password if application else None,
        now=now,
        **visit,
    )
    if answer.verdict is not passwords.Verdict.RIGHT:
        return answer, None
    page = "correction" if request.GET.get("then") == "correction" else "status"
    response = lead_to(request, application, page)
    response.delete_cookie(_typed(handle), path=request.path)
    visitors.remember_device(response, visit["device"])
    return answer, response


def open_inquiry(request, application, **through):
    """Open ``application`` for this browser; returns its handle.

    ``through``: who opens it for somebody else, for ``still_open``.
    """
    facts = {"through": through} if through else {}
    return INQUIRIES.put(request, application=application.pk, **facts)


def lead_to(request, application, page="status", **through):
    """Open ``application`` and lead to ``page`` of it, or to what was typed and not sent."""
    if leftovers.is_waiting(request, typist(application.pk, through)):
        page = "typed"
    return redirect(f"applications:{page}", open_inquiry(request, application, **through))


def typist(key, through):
    """Who typed what is kept: the applicant, or a payment user who acts for one."""
    return f"application:{key}:{through.get('user', '')}"


def _keep(request, opened, *, is_own):
    """Whether what was sent under the handle of ``opened``, which may be None, is kept."""
    if opened is None:
        return False
    facts = opened.facts
    owner = typist(facts["application"], facts.get("through", {}))
    return leftovers.keep(request, owner, is_own=is_own)


def _stands_open(through, application):
    return not through or any(stands(through, application) for stands in still_open)


def end(request, handle):
    """終了: end this handle."""
    INQUIRIES.end(request, handle)


def signed_in(view, answer=None):
    """Give the view ``request.application``, ``request.handle`` and ``request.through``.

    ``through``: what it was opened through, {} for an applicant.

    A handle that this browser does not have leads to 状況照会ログイン, which says so; one that has
    ended by itself to a page that says why. Either way the view does not run, so nothing is
    half-saved. ``answer``: see ``signed_in_unless``.
    """

    @wraps(view)
    def guarded(request, handle, **rest):
        try:
            opened = INQUIRIES.find(request, handle)
        except handles.Ended as ended:
            kept = _keep(request, ended.opened, is_own=ended.is_own)
            context = {"idle": ended.idle, "at_most": handles.AT_MOST, "kept": kept}
            return render(request, "applications/ended.html", context, status=403)
        through = opened.facts.get("through", {}) if opened else {}
        if answer and opened and not through:
            response = answer(request, handle, opened.facts["application"])
            if response:
                return response
        application = opened and (
            Application.objects.select_related("office")
            .filter(pk=opened.facts["application"])
            .first()
        )
        if application is None or not _stands_open(through, application):
            kept = _keep(request, opened or INQUIRIES.lost(handle), is_own=False)
            return handles.to_login(request, "applications:login", kept=kept)
        if answered := leftovers.let_in(request, typist(application.pk, through)):
            return answered
        request.application, request.handle, request.through = application, handle, through
        try:
            return view(request, **rest)
        except Application.DoesNotExist:
            # The demo has taken it out while the view ran; nothing else does.
            if Application.objects.filter(pk=application.pk).exists():
                raise
            return handles.to_login(request, "applications:login")

    return guarded


def signed_in_unless(answer):
    """``signed_in`` for a view that an applicant needs only where ``answer`` has no response.

    ``answer(request, handle, key of the application)``: a response, or None.
    """
    return partial(signed_in, answer=answer)
