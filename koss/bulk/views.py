"""一括申請をCSVで送る, on マイページ: hand in, look at it, sign, and only then send."""

from functools import wraps

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import Submission
from koss.bulk import columns, forms, sets, signing
from koss.ground import clock
from payments.payer.sessions import MY_PAGE, signed_in

_LATEST = 20


def _of_bulk_users(view):
    @signed_in(MY_PAGE)
    @wraps(view)
    def guarded(request, **rest):
        if not request.payment_user.bulk_id:
            raise Http404
        return view(request, **rest)

    return guarded


@require_http_methods(["GET", "POST"])
@_of_bulk_users
def hand_in(request):
    """The sets so far, and a file to look at. Nothing is sent here."""
    form = forms.CsvForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _looked(request, form.cleaned_data["file"])
    own = Submission.objects.filter(bulk_id=request.payment_user.bulk_id)
    context = {"form": form, "submissions": own.order_by("-pk")[:_LATEST]}
    return render(request, "bulk/hand_in.html", context)


@require_safe
@_of_bulk_users
def template(request):
    """An empty file with the headings."""
    return _file("ikkatsu.csv", "text/csv; charset=utf-8", columns.template())


@require_POST
@_of_bulk_users
def faults(request):
    """What is wrong with the rows, as a file."""
    found = [
        (line, row["reference"], fault.label, fault.detail)
        for line, row, wrong in _lines(request, _rows(request))
        for fault in wrong
    ]
    return _file("ayamari.csv", "text/csv; charset=utf-8", columns.faults_file(found))


@require_POST
@_of_bulk_users
def texts(request):
    """What is to be signed, one file for each application, as a ZIP."""
    rows = _rows(request)
    found = sets.look_at(request.payment_user, rows, now=clock.now())
    contents = {
        row["reference"]: text for row, (wrong, text) in zip(rows, found, strict=True) if not wrong
    }
    return _file("shomei.zip", "application/zip", signing.texts(contents))


@require_POST
@_of_bulk_users
def send(request):
    """Only this sends: the rows as they were looked at, each with its signature."""
    rows = _rows(request)
    form = forms.SendForm(request.POST, request.FILES)
    found = sets.look_at(request.payment_user, rows, now=clock.now())
    if any(
        wrong for wrong, _text in found
    ):  # since it was looked at: sent by another, or a new day
        return _looked(request, rows)
    if form.is_valid():
        try:
            signed = signing.signatures(
                form.cleaned_data["signatures"], [row["reference"] for row in rows]
            )
        except signing.NotSigned as error:
            form.add_error("signatures", error.sentence)
        else:
            typed = [{**row, "signature": signed[row["reference"]]} for row in rows]
            submission = sets.receive_now(request.payment_user, typed, now=clock.now())
            return redirect("bulk:set", request.handle, submission.number)
    return _looked(request, rows, form)


@require_safe
@_of_bulk_users
def progress(request, number):
    """How it goes with each row of one set."""
    own = Submission.objects.filter(bulk_id=request.payment_user.bulk_id)
    submission = get_object_or_404(own, number=number)
    items = submission.items.select_related("application").order_by("place")
    context = {
        "submission": submission,
        "items": [(item, [_Said(fault) for fault in item.faults]) for item in items],
    }
    return render(request, "bulk/set.html", context)


class _Said:
    """One fault with the heading of its column."""

    def __init__(self, fault):
        path = fault["path"] if isinstance(fault, dict) else fault.path
        self.detail = fault["detail"] if isinstance(fault, dict) else fault.detail
        self.label = columns.label(path[0]) if path[0] in columns.NAMES else ""


def _rows(request):
    rows = forms.opened(request.POST.get("sealed", ""))
    if rows is None:
        raise Http404
    return rows


def _lines(request, rows):
    """(line of the file, row, its faults) of every row. The heading is line 1."""
    found = sets.look_at(request.payment_user, rows, now=clock.now())
    return [
        (line, row, [_Said(fault) for fault in wrong])
        for line, (row, (wrong, _text)) in enumerate(zip(rows, found, strict=True), start=2)
    ]


def _looked(request, rows, form=None):
    lines = _lines(request, rows)
    context = {
        "lines": lines,
        "wrong": sum(1 for _line, _row, wrong in lines if wrong),
        "sealed": forms.seal(rows),
        "form": form or forms.SendForm(),
    }
    return render(request, "bulk/looked.html", context)


def _file(name, media_type, content):
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
