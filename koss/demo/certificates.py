"""The practice certificates that the demo page hands out."""

from django.conf import settings
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from applications.signatures.sandbox import authority
from applications.signatures.sandbox.samples import PIN, SAMPLES

__all__ = ["PIN", "TYPED", "download", "shown"]
# What the guide through 申請を行う has a newcomer type.
TYPED = {
    "plate": "品川580さ1234",
    "chassis_number": "AX01-0000001",
    "postal_code": "140-0002",
    "email": "keiji@gyosei.example",
}


def shown():
    """(those that are good, those that are refused)"""
    good = [sample for sample in SAMPLES if sample.refusal is None]
    bad = [sample for sample in SAMPLES if sample.refusal is not None]
    return good, bad


@require_safe
def download(request, name):
    """One PKCS#12 file, with its key: everybody may have it, and only the demo believes it."""
    if name not in {sample.file for sample in SAMPLES}:
        raise Http404
    authority.make(settings.DATA_DIR)
    file = authority.directory(settings.DATA_DIR) / "p12" / name
    return FileResponse(file.open("rb"), as_attachment=True, filename=name)
