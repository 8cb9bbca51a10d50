"""申請を行う: begin, come back, the task list, 確認, 署名 and the receipt."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.apply import contents, description, drafts, journey, sending, sessions
from applications.apply.forms.account import BeginForm, PrefillForm, ResumeForm, SignatureForm
from applications.inquiry import signing_in
from applications.intake.entry import NotCarriedOver
from applications.labels import Screen
from koss.access import leftovers, offering, passwords, sources, visitors
from koss.access.login_forms import BUSY, SOURCE_BUSY, with_time
from koss.ground import clock
from koss.ground.joining import listed


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def begin(request):
    """The first page: what is applied for, the password and the mail address."""
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            sources.admit(visitors.source_of(request), now=now)
            encoded = passwords.encode(form.cleaned_data["password"])
        except (passwords.Busy, sources.TooMany) as refused:
            retry_at = getattr(refused, "retry_at", None)
            form.add_error(None, with_time(SOURCE_BUSY, retry_at) if retry_at else BUSY)
            return _page(request, "begin", form, 429)
        draft = drafts.begin(
            form.cleaned_data["procedure"],
            password=encoded,
            answers={"contact": {"email": form.cleaned_data["email"]}},
            now=now,
        )
        return redirect("apply:tasks", sessions.open_for(request, draft))
    return _page(request, "begin", form, 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def resume(request):
    """Open a draft again by its number and password."""
    form, status = ResumeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        answer, response = sessions.resume(
            request, typed["number"], typed["password"], now=clock.now()
        )
        if response:
            return response
        status = form.refuse(answer)
    return _page(request, "resume", form, status)


@require_http_methods(["GET", "POST"])
@sessions.unsent
def typed_before(request):
    """What was typed on a step, and not saved."""
    first_page = reverse("apply:tasks", args=[request.handle])
    return offering.page(request, base="applications/apply/base.html", first_page=first_page)


@require_safe
@sessions.unsent
def tasks(request):
    """手続準備: what is done, what is missing, and how long that takes."""
    return render(request, "applications/apply/tasks.html", contents.tasks(request))


@require_http_methods(["GET", "POST"])
@sessions.unsent
@leftovers.keeps(Screen.PREFILL, PrefillForm)
def prefill(request):
    """車検証から入力する: what it says becomes the initial values of the steps' forms."""
    form = PrefillForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = drafts.answer(
                request.draft,
                drafts.PREFILL,
                form.cleaned_data["steps"],
                version=contents.version_of(request),
                now=clock.now(),
            )
        except drafts.Gone:
            return render(request, "applications/apply/changed.html", status=409)
        return redirect("apply:step", request.handle, contents.first_prefilled(draft))
    leftovers.fill(request, form)
    context = {"form": form, "draft": request.draft}
    return render(request, "applications/apply/prefill.html", context)


@require_safe
@sessions.unsent
def check(request):
    """確認: everything on one page, with a link to change each part."""
    if missing := journey.missing(request.draft.procedure, request.answers):
        return redirect("apply:step", request.handle, missing[0].name)
    return render(request, "applications/apply/check.html", contents.check(request))


@require_safe
@sessions.opened
def text(request):
    """What is signed, as a file."""
    content = description.text_of(request.draft, request.answers)
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="application-{request.draft.number}.txt"'
    )
    return response


@require_http_methods(["GET", "POST"])
@sessions.unsent
def sign(request):
    """署名, and with it 送信."""
    if missing := journey.missing(request.draft.procedure, request.answers):
        return redirect("apply:step", request.handle, missing[0].name)
    form, status = SignatureForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            sending.send(
                request.draft,
                form.cleaned_data["signature"],
                version=contents.version_of(request),
                now=clock.now(),
            )
        except (drafts.Gone, sending.Incomplete):
            return render(request, "applications/apply/changed.html", status=409)
        except NotCarriedOver:
            form.add_error(None, contents.NOT_CARRIED_OVER)
            status = 409
        except sending.FilesAltered as altered:
            names = listed(each.name for each in altered.uploads)
            form.add_error(None, contents.FILES_ALTERED % {"names": names})
            status = 409
        else:
            return redirect("apply:receipt", request.handle)
    context = {**contents.check(request), "form": form, "practice": contents.practice()}
    return render(request, "applications/apply/sign.html", context, status=status)


@require_safe
@sessions.opened
def receipt(request):
    """受付: the number, and what happens next."""
    if not request.draft.application_id:
        return redirect("apply:tasks", request.handle)
    return render(request, "applications/apply/receipt.html", contents.receipt(request))


@require_POST
@sessions.opened
def end(request):
    """終了, or on to the status page of what was sent, which this browser may see."""
    sessions.end(request, request.handle)
    application = request.draft.application
    if application and "status" in request.POST:
        return redirect("applications:status", signing_in.open_inquiry(request, application))
    return redirect("top")


def _page(request, name, form, status):
    """The page before a draft is open, which says how long one is kept."""
    context = {"form": form, "days": settings.KOSS_DRAFT_DAYS}
    return render(request, f"applications/apply/{name}.html", context, status=status)
