"""添付書類のファイル: hand one in, look at it, take it away again."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from applications.apply import contents, drafts, journey, sessions
from applications.apply.forms.account import UploadForm
from applications.uploads import serving
from applications.uploads.refusals import FileRefused
from koss.ground import clock


@require_http_methods(["GET", "POST"])
@sessions.unsent
def files(request):
    """The list, and one file more or less; 保存して次へ leads on."""
    form = UploadForm(
        request.POST or None, request.FILES or None, procedure=request.draft.procedure
    )
    if request.method == "POST":
        try:
            if done := _pressed(request, form):
                return done
        except drafts.Gone:
            return render(request, "applications/apply/changed.html", status=409)
    context = {
        "step": journey.BY_NAME["files"],
        "form": form,
        "draft": request.draft,
        "uploads": request.draft.uploads.all(),
    }
    return render(request, "applications/apply/files.html", context)


@require_safe
@sessions.opened
def file(request, key):
    """One file of this draft, or of the application it has become."""
    owner = request.draft.application or request.draft
    return serving.to_applicant(request, get_object_or_404(owner.uploads, key=key))


def _pressed(request, form):
    """Where the press of a button leads, or None for the page once more with what was wrong."""
    now = clock.now()
    if "next" in request.POST or "list" in request.POST:
        draft = drafts.answer(
            request.draft, "files", {"looked": "yes"}, version=request.draft.version, now=now
        )
        return contents.next_page(request, draft)
    if "remove" in request.POST:
        drafts.remove_file(request.draft, request.POST["remove"], now=now)
    elif not form.is_valid():
        return None
    else:
        kind, file = form.cleaned_data["kind"], form.cleaned_data["file"]
        try:
            drafts.add_file(request.draft, kind, file, now=now)
        except FileRefused as refused:
            form.add_error("file", refused.fault.label)
            return None
    return redirect("apply:files", request.handle)
