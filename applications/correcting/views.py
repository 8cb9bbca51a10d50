"""申請の補正: fill in what the order names, look at it once more, sign where needed, send."""

from functools import wraps

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from applications.apply import address_file
from applications.apply.contents import version_of
from applications.apply.forms.account import SignatureForm
from applications.correcting import contents, proposals, sending, whole
from applications.correcting.forms import PROOF, TYPED_FORMS, CorrectionForm, file_field
from applications.inquiry import signing_in
from applications.labels import Screen
from applications.life import corrections, moves
from applications.signatures.refusals import SignatureRefused
from applications.status import MoveName
from applications.status_page import contents as status_page
from applications.status_page import done
from applications.status_page.views.withdrawal import refused
from applications.uploads import serving
from applications.uploads.refusals import FileRefused
from koss.access import leftovers
from koss.ground import clock


def _with_order(view):
    """Give the view the order that waits for an answer; without one, the page that says why."""

    @signing_in.signed_in
    @wraps(view)
    def guarded(request, **rest):
        application, name = request.application, MoveName.SEND_CORRECTION
        order = corrections.open_order_of(application)
        may = order and status_page.may(application, name, now=clock.now())
        if moves.made(application, name, moves.RequestKey.read(request.POST.get("request_key"))):
            return done.lead_to(name, request.handle)
        if not may:
            return refused(request, name)
        order.application = application
        return view(request, order, **rest)

    return guarded


def _complete(view):
    """Only for a proposal that can be sent; another one leads back to the form."""

    @_with_order
    @wraps(view)
    def guarded(request, order, **rest):
        if not sending.is_complete(order):
            return redirect("applications:correction", request.handle)
        return view(request, order, **rest)

    return guarded


@require_http_methods(["GET", "POST"])
@_with_order
@leftovers.keeps(Screen.CORRECTION, *TYPED_FORMS)
def correction(request, order):
    """The form; sent without a fault, it leads to the review."""
    if request.method == "GET":
        form = leftovers.fill(request, CorrectionForm(order=order))
        return _form(request, order, form, order.proposal_version)
    if (
        moves.RequestKey.read(request.POST.get("request_key")).version
        != request.application.version
    ):
        return _changed(request)
    try:
        version, faults = _keep_files(request, order)
        only_files = "add" in request.POST or "remove" in request.POST
        form = CorrectionForm(request.POST, order=order, faults=faults, judged=not only_files)
        if only_files or form.errors:
            return _form(request, order, form, version)
        proposals.save(order, form.changes(), version=version)
    except proposals.ProposalGone:
        return _changed(request)
    return redirect("applications:correction_review", request.handle)


@require_http_methods(["GET", "POST"])
@_complete
def review(request, order):
    """Old and new side by side; without a signature to make, sent from here."""
    must_sign = sending.must_be_signed(request.application)
    if request.method == "POST" and not must_sign:
        return _send(request, order, None)
    context = {
        **contents.review(order),
        **_drawn(request, order.proposal_version),
        "must_sign": must_sign,
    }
    return render(request, "applications/correction_review.html", context)


@require_http_methods(["GET", "POST"])
@_complete
def sign(request, order):
    """署名, and with it 送信. A signature that does not hold is told beside its field."""
    if not sending.must_be_signed(request.application):
        return redirect("applications:correction_review", request.handle)
    form = SignatureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, order, form.cleaned_data["signature"])
        except SignatureRefused as refusal:
            form.add_error("signature", refusal.refusal.label)
    version = version_of(request) if request.method == "POST" else order.proposal_version
    context = {**contents.signature(order), **_drawn(request, version), "form": form}
    return render(request, "applications/correction_sign.html", context)


@require_safe
@_complete
def text(request, order):
    """What is signed, as a file."""
    content = whole.text_of(order, order.proposal)
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    name = f"correction-{request.application.receipt_number}.txt"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_safe
@signing_in.signed_in
def file(request, key):
    """A file of this application, as a download."""
    return serving.to_applicant(request, get_object_or_404(request.application.uploads, key=key))


@require_safe
@signing_in.signed_in
def preview(request, key):
    """A picture of its first page."""
    return serving.preview(get_object_or_404(request.application.uploads, key=key))


def _keep_files(request, order):
    """(the version that the form has then, what is wrong with files: field → sentence)."""
    version, faults = version_of(request), {}
    if key := request.POST.get("remove"):
        version = proposals.remove(order, key, version=version)
    for kind in order.attachments:
        name = file_field(kind)
        if name in request.FILES:
            try:
                version = proposals.add(
                    order, kind, request.FILES[name], version=version, now=clock.now()
                )
            except FileRefused as refusal:
                faults[name] = refusal.fault.label
    if PROOF in order.fields and PROOF in request.FILES:
        try:
            packed = _packed(request.FILES[PROOF])
            version = proposals.put(order, PROOF, packed, version=version)
            order.proposal[PROOF] = packed
        except address_file.AddressFileRefused as refusal:
            faults[PROOF] = refusal.fault.label
    return version, faults


def _packed(file):
    """使用者の住所証明ファイル as it is kept, once it was found to be good."""
    packed = file.read(address_file.LARGEST + 1)
    address_file.read(packed, now=clock.now())
    return packed.decode("utf-8-sig")


def _send(request, order, cms):
    request_key = moves.RequestKey.read(request.POST.get("request_key"))
    try:
        sending.send(
            order,
            cms,
            version=version_of(request),
            request_key=request_key,
            now=clock.now(),
            by=request.through.get("user_id", ""),
        )
    except moves.MoveRefused as refusal:
        return refused(request, MoveName.SEND_CORRECTION, refusal.application)
    except proposals.ProposalGone:
        return _changed(request)
    return done.lead_to(MoveName.SEND_CORRECTION, request.handle)


def _drawn(request, version):
    """What a form carries: the states that it was drawn from, and a key of its own."""
    request_key = request.POST.get("request_key") or moves.RequestKey.fresh(request.application)
    return {"request_key": request_key, "version": version}


def _form(request, order, form, version):
    context = {"order": order, "form": form, **_drawn(request, version)}
    return render(request, "applications/correction.html", context)


def _changed(request):
    return render(request, "applications/correction_changed.html", status=409)
