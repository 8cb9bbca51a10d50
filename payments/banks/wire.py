"""One signed question to the bank and its signed answer, over HTTP."""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request

from koss.ground import figures, request_ids
from payments.banks import BankRefused, BankUnreachable, fields, signing

# A page waits no longer than this; what the bank has not answered then is left to the worker.
SECONDS = 3
_MOST_BYTES = 4 * 1024 * 1024
_NO_FOR_GOOD = {400, 404, 409, 422}


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A bank that answers with another address has not answered."""

    def redirect_request(self, *_request):
        return None


class _BankLine:
    """The one line of this process to the bank.

    One thread is at the bank: the others go on showing pages while it is silent. After
    ``SILENT_AT_MOST`` silences in a row nobody asks for ``REST_SECONDS``, so that a bank that is
    away costs a page nothing; then the next one tries again.
    """

    SILENT_AT_MOST = 3
    REST_SECONDS = 10

    def __init__(self):
        self._lock = threading.Lock()
        self.hear()

    def __enter__(self):
        if self._rests() or not self._lock.acquire(timeout=SECONDS):
            raise BankUnreachable("it was silent just now, or others wait for it already")
        if self._rests():  # since those who waited before were not answered either
            self._lock.release()
            raise BankUnreachable("it was silent just now")

    def __exit__(self, kind, error, _traceback):
        if kind is None:
            self.hear()
        elif issubclass(kind, BankUnreachable):
            self._silences += 1
            self._silent_at = time.monotonic()
        self._lock.release()

    def hear(self):
        """It answered: nothing is held against it."""
        self._silences, self._silent_at = 0, 0.0

    def _rests(self):
        passed = time.monotonic() - self._silent_at
        return self._silences >= self.SILENT_AT_MOST and passed < self.REST_SECONDS


line = _BankLine()


# No proxy of the environment: the bank is named by a setting, and by nothing else.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere)


def ask(origin, secret, method, path, content=None, *, now):
    """The JSON object that the bank answers to ``method path``; ``content`` goes as JSON.

    BankRefused: the bank itself said no. BankUnreachable: anything else that went wrong; whether
    the bank has done what it was asked is then not known.
    """
    begun, outcome = time.monotonic(), "unreachable"
    try:
        found = _answer_of(origin, secret, method, path, content, now)
        outcome = "answered"
    except BankRefused:
        outcome = "refused"
        raise
    finally:
        figures.bank_answered(outcome, time.monotonic() - begun)
    return found


def _answer_of(origin, secret, method, path, content, now):
    body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
    signature = signing.sign(secret, f"portal-to-bank:{method} {path}", body, now=now)
    headers = {"Content-Type": "application/json", signing.HEADER: signature}
    if current := request_ids.current():
        headers[request_ids.HEADER] = current
    with line:
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
