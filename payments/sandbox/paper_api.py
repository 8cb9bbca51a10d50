"""What the portal asks the practice systems (docs/papers.md): JSON in, JSON out, one secret."""

import hmac
import json
import secrets
from itertools import islice

from django.conf import settings
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.sandbox import clock
from payments.sandbox.paper_models import Paper, PaperTraining, ready_at, slip_of

_LONGEST = 30
_MOST_NEAR = 5
_MOST_MINUTES = 24 * 60


def _facts(request, *names):
    """(the named texts of the body, all of it), or None for a question that is not ours."""
    sent = request.headers.get("Authorization", "")
    if not hmac.compare_digest(sent.encode(), f"Bearer {settings.SHARED_SECRET}".encode()):
        return None
    try:
        content = json.loads(request.body)
        facts = [content[name] for name in names]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    fits = all(
        isinstance(each, str) and 0 < len(each) <= _LONGEST and each.isprintable() for each in facts
    )
    return (facts, content) if fits else None


@csrf_exempt
@require_POST
def find(request):
    """The paper of a vehicle; where there is none, one is made as the training says.

    ``mode`` and ``minutes`` of the question go before what the training page says.

    While it is not there, the numbers of those that are there and one slip away.
    """
    asked = _facts(request, "kind", "chassis_number")
    if asked is None or asked[0][0] not in Paper.Kind.values:
        return JsonResponse({"refused": "question"}, status=400)
    (kind, chassis_number), content = asked
    now, training = clock.now(), _training(content)
    paper = Paper.objects.filter(kind=kind, chassis_number=chassis_number).first()
    if paper is None:
        slips = training.mode == PaperTraining.Mode.SLIP
        made = slip_of(chassis_number) if slips else chassis_number
        paper = _make(kind, made, now if slips else ready_at(training, now))
    if paper.chassis_number == chassis_number and paper.ready_at and paper.ready_at <= now:
        return JsonResponse({"number": paper.number})
    known = Paper.objects.filter(kind=kind, ready_at__lte=now)
    near = known.values_list("chassis_number", flat=True).iterator()
    slipped = (each for each in near if _one_slip(each, chassis_number))
    return JsonResponse({"near": list(islice(slipped, _MOST_NEAR))})


@csrf_exempt
@require_POST
def annual_tax(request):
    """Whether 軽自動車税種別割 is paid for the plate."""
    if _facts(request, "plate") is None:
        return JsonResponse({"refused": "question"}, status=400)
    return JsonResponse({"paid": PaperTraining.current().annual_tax_paid})


def _training(content):
    """How to answer: as the question itself wants it, else as the training page says."""
    mode, minutes = content.get("mode"), content.get("minutes")
    if mode in PaperTraining.Mode.values and type(minutes) is int and 0 < minutes <= _MOST_MINUTES:
        return PaperTraining(mode=mode, minutes=minutes)
    return PaperTraining.current()


def _make(kind, chassis_number, at):
    number = f"{secrets.randbelow(10**9):09d}"
    paper, _made = Paper.objects.get_or_create(
        kind=kind, chassis_number=chassis_number, defaults={"number": number, "ready_at": at}
    )
    return paper


def _one_slip(known, asked):
    """Whether one sign differs, or two neighbours are swapped."""
    if len(known) != len(asked):
        return False
    places = [n for n, (k, a) in enumerate(zip(known, asked, strict=True)) if k != a]
    if len(places) == 1:
        return True
    return (
        len(places) == 2
        and places[1] == places[0] + 1
        and known[places[0]] == asked[places[1]]
        and known[places[1]] == asked[places[0]]
    )
