"""Operations that do something once, however often they are asked (Idempotency-Key)."""

import hashlib
import json
from functools import wraps

from django.db import transaction
from django.http import JsonResponse
from ninja.responses import NinjaJSONEncoder

from koss.api.problems import MEDIA_TYPE, Problem
from koss.ground import clock
from payments.payer import remembering


def once(status, shape, *, unkept=""):
    """For a view behind an ApiKey with ``once``: its answer, also a refusal, is remembered.

    The view gives what ``shape`` checks. It runs in a transaction, which a refusal takes back.
    ``unkept``: a field, None in what the view gives, that the first answer alone has: the view puts
    its value into ``request.unkept``.
    """

    def for_view(view):
        @wraps(view)
        def remembered(request, **given):
            def work():
                try:
                    with transaction.atomic():
                        said = shape.model_validate(view(request, **given))
                except Problem as problem:
                    return problem.kind.status, problem.as_json()
                return status, _as_every_answer(said)

            try:
                answered, answer, again = remembering.once(
                    request.auth,
                    request.idempotency_key,
                    _digest(request),
                    work,
                    now=clock.now(),
                )
            except remembering.InFlight:
                raise Problem("in_flight", headers={"Retry-After": "1"}) from None
            except remembering.OtherRequest:
                raise Problem("idempotency_key_reused") from None
            if unkept and answered == status and not again:
                answer = {**answer, unkept: request.unkept}
            return _response(answered, answer, again)

        return remembered

    return for_view


def _as_every_answer(said):
    """A shape as JSON holds it, written as answers are that nobody remembers."""
    return json.loads(json.dumps(said.model_dump(by_alias=True), cls=NinjaJSONEncoder))


def _digest(request):
    asked = f"{request.method} {request.get_full_path()}\n{request.content_type}\n".encode()
    return hashlib.sha256(asked + request.body).hexdigest()


def _response(status, answer, again):
    response = JsonResponse(
        answer,
        status=status,
        content_type=MEDIA_TYPE if status >= 400 else "application/json; charset=utf-8",
        json_dumps_params={"ensure_ascii": False},
    )
    if again:
        response["Idempotency-Replayed"] = "true"
    return response
