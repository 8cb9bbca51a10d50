"""Who calls: ``Authorization: Bearer koss_…``, what that key may do, and how often."""

import math
import re

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from ninja.security.http import HttpAuthBase

from koss.api.problems import Problem
from koss.ground import clock
from payments.models import Scope
from payments.payer import credentials

_CHALLENGE = 'Bearer realm="koss"'


class ApiKey(HttpAuthBase):
    """For an operation that needs ``scope``. Gives it ``request.auth``: the Credential.

    ``once``: the operation does something, and wants an ``Idempotency-Key`` (``koss.api.once``).

    A good key is counted before it is asked what it may do.
    """

    openapi_scheme = "bearer"

    def __init__(self, scope, *, once=False):
        super().__init__()
        self.scope, self.once = scope, once

    def __call__(self, request):
        kind, _space, key = request.headers.get("Authorization", "").partition(" ")
        credential = None
        if kind.lower() == "bearer":
            credential = credentials.find(key.strip(), now=clock.now())
        if credential is None:
            raise unauthorized()
        request.credential = credential
        _count(request, credential)
        if self.scope not in credential.scopes:
            raise _scope_missing(self.scope)
        if self.once:
            request.idempotency_key = _key_of(request)
        return credential


READ, SUBMIT, SANDBOX = ApiKey(Scope.READ), ApiKey(Scope.SUBMIT), ApiKey(Scope.SANDBOX)
SUBMIT_ONCE, PAY_ONCE = ApiKey(Scope.SUBMIT, once=True), ApiKey(Scope.PAY, once=True)
WEBHOOKS, WEBHOOKS_ONCE = ApiKey(Scope.WEBHOOKS), ApiKey(Scope.WEBHOOKS, once=True)
# A structured string of RFC 9651, or the same without its quotes.
_KEY = re.compile(r'"[ -!#-\[\]-~]{1,255}"|[!#-\[\]-~]{1,255}', re.ASCII)


def unauthorized():
    """The Problem of a request without a good key."""
    return Problem("unauthorized", headers={"WWW-Authenticate": _CHALLENGE})


def require_some_key(request):
    """Nothing of a stranger's body is read. Whether the key is good is asked afterwards."""
    if not request.headers.get("Authorization"):
        raise unauthorized()


def _key_of(request):
    typed = request.headers.get("Idempotency-Key", "").strip()
    if not _KEY.fullmatch(typed):
        raise Problem("idempotency_key_missing")
    return typed.strip('"')


def _count(request, credential):
    at = clock.system_now()
    left_seconds = max(math.ceil((credentials.window_ends(at) - at).total_seconds()), 1)
    try:
        left = credentials.count(credential, at=at)
    except credentials.TooManyRequests:
        request.rate = _headers(0, left_seconds)
        raise Problem(
            "too_many_requests",
            _("1分間に%(limit)s回までです。%(seconds)s秒後にもう一度送ってください。")
            % {"limit": settings.KOSS_API_REQUESTS_PER_MINUTE, "seconds": left_seconds},
            f"At most {settings.KOSS_API_REQUESTS_PER_MINUTE} a minute. "
            f"Try again in {left_seconds} seconds.",
            headers={"Retry-After": str(left_seconds)},
        ) from None
    request.rate = _headers(left, left_seconds)


def _headers(left, seconds):
    """draft-ietf-httpapi-ratelimit-headers-10."""
    return {
        "RateLimit-Policy": f'"minute";q={settings.KOSS_API_REQUESTS_PER_MINUTE};w=60',
        "RateLimit": f'"minute";r={left};t={seconds}',
    }


def _scope_missing(scope):
    return Problem(
        "scope_missing",
        _("APIキーに「%(scope)s」の権限がありません。マイページで作成できます。")
        % {"scope": scope.label},
        f"This API key has no scope “{scope.value}”. Make one that has on my page.",
        headers={"WWW-Authenticate": f'{_CHALLENGE}, error="insufficient_scope", scope="{scope}"'},
    )
