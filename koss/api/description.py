"""The description of the interface (OpenAPI 3.1), made from the code.

Ninja knows what an operation answers when all goes well. What it refuses is written in here, in
one place, from ``koss.api.problems``: every status that can come, each as a problem.
"""

import re
from copy import deepcopy

from django.conf import settings

from koss.api import ages, gate, problems
from koss.api.versions import Interface

_REF = "#/components/responses/"
_ALWAYS = (400, 401, 403, 405, 406, 429, 500, 503)
_WITH_BODY = (411, 413, 415)
_SECURITY = {
    "type": "http",
    "scheme": "bearer",
    "description": "マイページの「APIキー」で作成したキー（koss_…）",
}
_HEADERS = {
    "RateLimit-Policy": "1分間の要求の上限（draft-ietf-httpapi-ratelimit-headers-10）",
    "RateLimit": "この1分間に残っている要求の数と、次の1分までの秒数",
}
_TEXT = {"type": "string"}
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "同じ要求を送り直すときの目印（24時間）",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,255}$"},
}
# What an answer leads to: operation → {operation: (the parameter in its address, where it stands)}.
_A_SET, _A_NUMBER = ("send_number", "/send_number"), ("receipt_number", "/items/0/receipt_number")
_FIRST_SET, _A_HOOK = ("send_number", "/items/0/send_number"), ("webhook_id", "/id")
_LEADS_TO = {
    "send_applications": {
        "read_submission": _A_SET, "list_items": _A_SET, "read_report": _A_SET
    },
    "list_submissions": {
        "read_submission": _FIRST_SET, "list_items": _FIRST_SET, "read_report": _FIRST_SET
    },
    "list_items": {"read_application": _A_NUMBER},
    "list_applications": {
        "read_application": _A_NUMBER,
        "withdraw_application": _A_NUMBER,
        "list_sandbox_moves": _A_NUMBER,
        "make_sandbox_move": _A_NUMBER,
    },
    "take_payment_numbers": {"read_payment_number": ("reference", "/items/0/reference")},
    "read_payment_number": {"pay_sandbox_number": ("payment_number", "/payment_number")},
    "create_webhook": {"read_webhook": _A_HOOK, "delete_webhook": _A_HOOK},
}  # fmt: skip
_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457",
    "required": ["type", "title", "title_en", "status", "code", "detail", "detail_en"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": _TEXT,
        "title_en": _TEXT,
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": list(problems.KINDS)},
        "detail": _TEXT,
        "detail_en": _TEXT,
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
}
_FAULT = {
    "type": "object",
    "title": "Fault",
    "required": ["code", "detail", "detail_en"],
    "properties": {
        "pointer": {"type": "string", "description": "本文の中の場所（RFC 6901）"},
        "parameter": {"type": "string", "description": "アドレスまたはヘッダーの項目の名前"},
        "code": _TEXT,
        "detail": _TEXT,
        "detail_en": _TEXT,
    },
}


def describe(interface: Interface) -> dict:
    """The whole description of ``interface``, as JSON can hold it."""
    made = deepcopy(dict(interface.api.get_openapi_schema(path_prefix=interface.prefix)))
    if not settings.DEMO:
        _leave_out_sandbox(interface, made)
    made["servers"] = [{"url": settings.KOSS_ORIGIN}]
    components = made["components"]
    components["schemas"] |= {"Problem": _PROBLEM, "Fault": _FAULT}
    components["securitySchemes"] = {"ApiKey": _SECURITY}
    components["responses"] = {str(status): _response(status) for status in _statuses()}
    components["headers"] = {
        name: {"description": said, "schema": _TEXT} for name, said in _HEADERS.items()
    }
    known = {
        operation["operationId"]
        for operations in made["paths"].values()
        for operation in operations.values()
    }
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            name = interface.name_of(path)
            if (method.upper(), name) in interface.once:
                operation["parameters"] = [*operation.get("parameters", []), _IDEMPOTENCY_KEY]
            _link(operation, known)
            _complete(operation, path, method, name)
    return made


def _link(operation, known):
    """Write into the good answer of ``operation`` where it leads, among the ``known``."""
    links = {
        target: {"operationId": target, "parameters": {name: f"$response.body#{place}"}}
        for target, (name, place) in _LEADS_TO.get(operation["operationId"], {}).items()
        if target in known
    }
    if links:
        [answer] = [operation["responses"][status] for status in operation["responses"]]
        answer["links"] = links


def _leave_out_sandbox(interface, made):
    """What exists in the demo only, and the shapes that nothing else has."""
    made["paths"] = {
        path: operations
        for path, operations in made["paths"].items()
        if not interface.name_of(path).startswith(gate.SANDBOX)
    }
    shapes, used = made["components"]["schemas"], set()
    asked = _shapes_in(made["paths"])
    while new := asked - used:
        used |= new
        asked = set().union(*(_shapes_in(shapes[name]) for name in new))
    made["components"]["schemas"] = {name: shapes[name] for name in shapes if name in used}


def _shapes_in(piece):
    return set(re.findall(r"#/components/schemas/(\w+)", str(piece)))


def _complete(operation, path, method, name):
    """Write into ``operation`` what it refuses, and how old it is."""
    answers = operation["responses"]
    for answer in answers.values():
        answer["headers"] = {each: {"$ref": f"#/components/headers/{each}"} for each in _HEADERS}
    statuses = {*_ALWAYS, *_statuses_of(operation, path, method)}
    for status in sorted(statuses):
        answers.setdefault(str(status), {"$ref": f"{_REF}{status}"})
    operation["responses"] = {str(status): answer for status, answer in answers.items()}
    if name in ages.AGES:
        operation["deprecated"] = True


def _statuses_of(operation, path, method):
    if "{" in path:
        yield 404
    if operation.get("parameters") or "requestBody" in operation:
        yield 422
    if method in ("post", "put", "patch"):
        yield from _WITH_BODY
        yield from (409, 422)


def _statuses():
    return sorted({kind.status for kind in problems.KINDS.values()})


def _response(status):
    kinds = [(code, kind) for code, kind in problems.KINDS.items() if kind.status == status]
    return {
        "description": " / ".join(f"{code}: {kind.title}" for code, kind in kinds),
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
