"""The practice systems, which answer beside the practice bank over HTTP (docs/papers.md)."""

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import asdict

from django.conf import settings

from applications.papers.sources import PaperAnswer, SourceAway
from applications.practice import values

_SECONDS = 3
_MOST_BYTES = 64 * 1024
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def find(kind, chassis_number):
    value = values.of(chassis_number)
    how = asdict(value.papers) if value and value.papers else {}
    answer = _ask("find", kind=kind, chassis_number=chassis_number, **how)
    near = answer.get("near", [])
    if not isinstance(near, list):
        raise SourceAway("no list")
    return PaperAnswer(answer.get("number", ""), tuple(near))


def annual_tax(plate):
    paid = _ask("annual_tax", plate=plate).get("paid")
    return paid if isinstance(paid, bool) else None


def _ask(what, **facts):
    request = urllib.request.Request(
        f"{settings.KOSS_BANK_ORIGIN}/papers/{what}/",
        data=json.dumps(facts).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {settings.KOSS_BANK_SECRET}",
        },
    )
    try:
        with _opener.open(request, timeout=_SECONDS) as response:
            answer = json.loads(response.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError, http.client.HTTPException) as error:
        raise SourceAway(str(error)) from error
    if not isinstance(answer, dict):
        raise SourceAway("no object")
    return answer
