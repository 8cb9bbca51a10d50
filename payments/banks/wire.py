"""One signed question to the bank and its signed answer, over HTTP."""

import http.client
import json
import urllib.error
import urllib.request

from payments.banks import BankRefused, BankUnreachable, fields, signing

SECONDS = 10
_MOST_BYTES = 4 * 1024 * 1024
_NO_FOR_GOOD = {400, 404, 409, 422}


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A bank that answers with another address has not answered."""

    def redirect_request(self, *_request):
        return None


# No proxy of the environment: the bank is named by a setting, and by nothing else.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere)


def ask(origin, secret, method, path, content=None, *, now):
    """The JSON object that the bank answers to ``method path``; ``content`` goes as JSON.

    BankRefused: the bank itself said no. BankUnreachable: anything else that went wrong; whether
    the bank has done what it was asked is then not known.
    """
    body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
    signature = signing.sign(secret, f"portal-to-bank:{method} {path}", body, now=now)
    headers = {"Content-Type": "application/json", signing.HEADER: signature}
    status, headers, answer = _sent(
        origin + path, data=body or None, method=method, headers=headers
    )
    try:
        signing.check(secret, f"answer:{path}", answer, headers.get(signing.HEADER), now=now)
        found = fields.read_object(answer)
    except (signing.BadSignature, fields.Malformed) as error:
        raise BankUnreachable(f"answer of {path} with {status}: {error}") from error
    if status in _NO_FOR_GOOD:
        raise BankRefused(str(found.get("refused", "refused")))
    if status not in (200, 202):
        raise BankUnreachable(f"{path} was answered with {status}")
    return found


def _sent(address, **request):
    try:
        request = urllib.request.Request(address, **request)
        with _opener.open(request, timeout=SECONDS) as response:
            return response.status, response.headers, response.read(_MOST_BYTES)
    except urllib.error.HTTPError as error:
        with error:
            try:
                return error.code, error.headers, error.read(_MOST_BYTES)
            except (OSError, http.client.HTTPException) as broken:
                raise BankUnreachable(str(broken)) from broken
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise BankUnreachable(str(error)) from error
