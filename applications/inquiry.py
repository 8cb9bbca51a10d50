"""Signing in to one's own application (状況照会ログイン), and how long that lasts.

Two steps, as the manual 申請状況照会の操作手順 parts 1 to 4 show them: the number, then the
password. Each signed-in application has a random handle of its own in the database session, and
every address contains it, so two tabs never act on each other's application (product.md
"inquiry").
"""

from functools import wraps

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac

from applications.models import Application
from applications.status import Procedure
from koss import handles, passwords, visitors

LOCK_KIND = "application"
_TYPED = "typed_numbers"


def keep_number(request, receipt_number):
    """Remember the number typed in the first step; returns the handle of the second."""
    return handles.put(request, _TYPED, receipt_number)


def typed_number(request, handle):
    """The number of the first step, or None."""
    return handles.find(request, _TYPED, handle)


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

    Returns (answer, response to complete): the response is a redirect to the status page when the
    answer is RIGHT, else None.
    """
    receipt_number = typed_number(request, handle)
    application = Application.objects.filter(receipt_number=receipt_number).first()
    device = visitors.device_of(request) or visitors.new_device()
    answer = passwords.attempt(
        LOCK_KIND,
        receipt_number,
        typed,
        application.password if application else None,
        now=now,
        source=visitors.source_of(request),
        device=device,
    )
    if answer.verdict is not passwords.Verdict.RIGHT:
        return answer, None
    handles.drop(request, _TYPED, handle)
    response = redirect("applications:status", open_inquiry(request, application))
    visitors.remember_device(response, device)
    return answer, response


def open_inquiry(request, application):
    """Open ``application`` for this browser; returns its handle. The session gets a new id."""
    return handles.open_for(request, handles.INQUIRIES, application=application.pk)


def end(request, handle):
    """終了: end this handle; the last one ends the session."""
    handles.end(request, handles.INQUIRIES, handle)


def signed_in(view):
    """Give the view ``request.application`` and ``request.handle``.

    A handle that this browser does not have leads to 状況照会ログイン; one that was idle too long
    to a page that says so. Either way the view does not run, so nothing is half-saved.
    """

    @wraps(view)
    def guarded(request, handle, **rest):
        try:
            entry = handles.use(request, handles.INQUIRIES, handle)
        except handles.Idle:
            context = {"idle_minutes": settings.KOSS_IDLE_MINUTES}
            return render(request, "applications/idle.html", context, status=403)
        if entry is None:
            return redirect("applications:login")
        application = (
            Application.objects.select_related("office").filter(pk=entry["application"]).first()
        )
        if application is None:
            end(request, handle)
            return redirect("applications:login")
        request.application, request.handle = application, handle
        return view(request, **rest)

    return guarded
