"""【使用者の作業】使用者の住所証明ファイルを作成する: name and address, a signature, the file."""

from dataclasses import asdict

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications.apply import address_file, contents
from applications.apply.forms.account import SignatureForm
from applications.apply.forms.steps import AddressFileForm
from applications.postal import table as postal
from applications.status import Procedure
from koss.access import handles
from koss.ground import clock

_SHELF = handles.Shelf("address_files")


@never_cache
@require_http_methods(["GET", "POST"])
def fill_in(request):
    """使用者の氏名と住所."""
    form = AddressFileForm(request.POST or None, procedure=Procedure.NEW_VEHICLE, answers={})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        proof = address_file.AddressProof(
            typed["user_name"],
            typed["user_name_full"],
            postal.shown(typed["postal_code"]),
            typed["address"],
        )
        kept = {"text": address_file.text_of(proof, clock.now()).decode(), "proof": asdict(proof)}
        return redirect("apply:address_sign", _SHELF.put(request, **kept))
    return render(request, "applications/apply/address_form.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def sign(request, handle):
    """署名, and the file as a download."""
    kept = _kept(request, handle)
    if kept is None:
        return redirect("apply:address_form")
    form = SignatureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = address_file.make(
                kept["text"].encode(), form.cleaned_data["signature"], now=clock.now()
            )
        except address_file.AddressFileRefused as refused:
            form.add_error("signature", refused.fault.label)
        else:
            response = HttpResponse(made, content_type="application/json")
            response.headers["Content-Disposition"] = content_disposition_header(
                True, address_file.NAME
            )
            return response
    context = {
        "form": form,
        "handle": handle,
        "proof": kept["proof"],
        "file_name": address_file.NAME,
        "practice": contents.practice(),
    }
    return render(request, "applications/apply/address_sign.html", context)


@never_cache
@require_safe
def text(request, handle):
    """What is signed, as a file."""
    kept = _kept(request, handle)
    if kept is None:
        return redirect("apply:address_form")
    response = HttpResponse(kept["text"], content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, "address.txt")
    return response


def _kept(request, handle):
    """What was typed on the page before, or None when it has ended."""
    try:
        opened = _SHELF.find(request, handle)
    except handles.Ended:
        return None
    return opened and opened.facts
