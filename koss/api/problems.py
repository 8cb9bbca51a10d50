"""Refusals as programs read them: RFC 9457 problem details, all made here.

``KINDS`` is the list of them: a stable code, the status, and the sentences in two languages. What
is not about one request (500, 503) is in it too, so that nothing under /api/ is ever a page.
"""

from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _

# Below it there are versions and nothing that people read.
_PREFIX = "/api/v"
MEDIA_TYPE = "application/problem+json"
_GUIDE = "/api/#"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of refusal. ``title`` in Japanese (translated), ``english`` for the others."""

    status: int
    title: str
    english: str


KINDS = {
    "not_text": Kind(
        400,
        _("文字として読めない要求です。"),
        "The request is not UTF-8 text without control signs.",
    ),
    "not_json": Kind(400, _("本文がJSONではありません。"), "The body is not JSON."),
    "idempotency_key_missing": Kind(
        400,
        _("Idempotency-Keyのヘッダーがありません。"),
        "The header Idempotency-Key is missing.",
    ),
    "bad_request": Kind(400, _("読み取れない要求です。"), "The request cannot be read."),
    "unauthorized": Kind(401, _("有効なAPIキーがありません。"), "There is no valid API key."),
    "forbidden": Kind(403, _("この操作は許可されていません。"), "This is not allowed."),
    "scope_missing": Kind(
        403, _("このAPIキーではこの操作ができません。"), "This API key may not do this."
    ),
    "not_found": Kind(404, _("見つかりません。"), "Not found."),
    "method_not_allowed": Kind(
        405, _("このアドレスでは使えないメソッドです。"), "This address does not take this method."
    ),
    "not_acceptable": Kind(
        406,
        _("求められた形式では答えられません。"),
        "No answer in the media type that was asked for.",
    ),
    "in_flight": Kind(409, _("同じ要求を処理しています。"), "The same request is being worked on."),
    "conflict": Kind(409, _("いまの状況ではできません。"), "Not possible in the present state."),
    "length_required": Kind(
        411, _("本文の長さが示されていません。"), "The length of the body is missing."
    ),
    "too_large": Kind(413, _("本文が大きすぎます。"), "The body is too large."),
    "unsupported_media_type": Kind(
        415,
        _("この形式の本文は受け取れません。"),
        "The body is of a media type that is not taken here.",
    ),
    "invalid": Kind(422, _("内容に誤りがあります。"), "Some values are not valid."),
    "idempotency_key_reused": Kind(
        422,
        _("このIdempotency-Keyは、別の要求に使われています。"),
        "This Idempotency-Key was used for another request.",
    ),
    "too_many_requests": Kind(429, _("要求が多すぎます。"), "Too many requests."),
    "broken": Kind(500, _("処理中に問題が発生しました。"), "Something went wrong here."),
    "unavailable": Kind(
        503, _("ただいま利用できません。"), "The service is not available for the moment."
    ),
}
# What an answer of the house that says nothing but its status is called.
_BY_STATUS = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    411: "length_required",
    413: "too_large",
    429: "too_many_requests",
    500: "broken",
    503: "unavailable",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One value that was refused. ``pointer``: RFC 6901 as a fragment, into the body; or
    ``parameter``: of the address or a header. ``detail`` in Japanese, and ``english``.
    """

    code: str
    detail: str
    english: str
    pointer: str = ""
    parameter: str = ""

    def as_json(self):
        where = {"pointer": self.pointer} if self.pointer else {"parameter": self.parameter}
        return {
            **where,
            "code": self.code,
            "detail": str(self.detail),
            "detail_en": self.english,
        }


class Problem(Exception):
    """Raised anywhere below /api/ to refuse. ``detail``, ``english``: beyond the kind's own."""

    def __init__(self, code, detail="", english="", *, faults=(), headers=None):
        super().__init__(code)
        self.code = code
        self.detail, self.english = detail, english
        self.faults = tuple(faults)
        self.headers = headers or {}

    @property
    def kind(self):
        return KINDS[self.code]

    def as_json(self):
        """The body."""
        kind = self.kind
        body = {
            "type": f"{settings.KOSS_ORIGIN}{_GUIDE}{self.code}",
            "title": str(kind.title),
            "title_en": kind.english,
            "status": int(kind.status),
            "code": self.code,
            "detail": str(self.detail or kind.title),
            "detail_en": self.english or kind.english,
        }
        if self.faults:
            body["errors"] = [fault.as_json() for fault in self.faults]
        return body

    def response(self):
        """The answer."""
        answer = JsonResponse(
            self.as_json(),
            status=self.kind.status,
            content_type=MEDIA_TYPE,
            headers=self.headers,
            json_dumps_params={"ensure_ascii": False},
        )
        answer["Cache-Control"] = "no-store"
        return answer


def is_for(request):
    """Whether what is refused was asked by a program."""
    return request.path_info.startswith(_PREFIX)


def of_status(status, **headers):
    """The answer for an HTTP ``status`` of which nothing more is known."""
    code = _BY_STATUS.get(
        status, "bad_request" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "broken"
    )
    return Problem(code, headers=headers).response()
