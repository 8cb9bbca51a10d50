"""What the practice authority publishes: its revocation lists, and OCSP answers made beforehand.

The files come from ``manage.py sandbox_ca``; this program knows nothing but their names.
"""

import re

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

_LIST = re.compile(r"[a-z]{1,20}\.crl")
_MOST_BYTES = 4 * 1024


@require_safe
def revocation_list(request, name):
    if not _LIST.fullmatch(name):
        raise Http404
    return HttpResponse(_published(name), content_type="application/pkix-crl")


@csrf_exempt
@require_POST
def status(request):
    """The answer about one certificate; RFC 6960's own word where the question is none of ours."""
    body = _answer_to(request.read(_MOST_BYTES))
    return HttpResponse(body, content_type="application/ocsp-response")


def _answer_to(question):
    try:
        asked = ocsp.load_der_ocsp_request(question)
        return _published(f"{asked.issuer_key_hash.hex()}-{asked.serial_number:x}.ocsp")
    except ValueError:
        return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    except (NotImplementedError, Http404):
        return _refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)


def _refusal(status):
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _published(name):
    try:
        return (settings.DATA_DIR / "sandbox_ca" / "public" / name).read_bytes()
    except OSError as error:
        raise Http404 from error
