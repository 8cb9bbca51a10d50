"""A second pair of eyes: moves of KOSS_SECOND_REVIEW are proposed by one and confirmed by another.

Nothing here writes a status: a confirmed proposal is carried out by ``moves.perform`` with what was
said when it was proposed. It is about one version of its application: whatever moves that, ends
the proposal.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from applications.life import moves
from applications.models import Proposal, ProposalState
from koss.ground import clock
from koss.ground.dates import read_day


class OwnProposal(Exception):
    """Who proposed does not confirm."""


def waiting_in(proposals, application):
    """Of ``proposals``, those of ``application``, the one that waits, or None."""
    return next((each for each in proposals if _still_waits(each, application)), None)


def is_out_of_date(proposal, application):
    """Whether nobody decided before the application moved on."""
    return proposal.state == ProposalState.WAITING and not _still_waits(proposal, application)


def waiting(actors):
    """The proposals that one of ``actors`` can confirm, and that are not out of date."""
    rows = Proposal.objects.filter(state=ProposalState.WAITING, actor__in=actors)
    return rows.filter(version=F("application__version"))


def marked(applications):
    """``applications`` (a QuerySet), each with ``waits_for_second``."""
    rows = Proposal.objects.filter(
        application=OuterRef("pk"), version=OuterRef("version"), state=ProposalState.WAITING
    )
    return applications.annotate(waits_for_second=Exists(rows))


def without_own(applications, user):
    """``applications`` (a QuerySet) without those where ``user`` waits for somebody else."""
    own = Proposal.objects.filter(state=ProposalState.WAITING, by=user)
    own = own.filter(version=F("application__version"))
    return applications.exclude(pk__in=own.values("application"))


@transaction.atomic
def propose(name, application, *, actor, now, by, inputs, request_key, note=""):
    """Keep that ``by`` (a user) would make this move. Returns the Proposal, or raises MoveRefused.

    The same ``request_key`` a second time returns what it made the first time.
    """
    locked = moves.lock(application)
    made = locked.proposals.filter(request_key=request_key.key, move=name).first()
    if made and request_key.key:
        return made
    is_open = name in {line.name for line in moves.open_moves(locked, actor=actor, now=now)}
    if request_key.version != locked.version or not is_open or _waits(locked):
        raise moves.MoveRefused(name, locked)
    return Proposal.objects.create(
        application=locked,
        version=locked.version,
        move=name,
        actor=actor,
        by=by,
        said=_kept(inputs),
        note=note,
        at=now,
        request_key=request_key.key,
    )


@transaction.atomic
def confirm(proposal, *, now, by):
    """Let ``by`` (a user) confirm and so make the move. Returns its history entry.

    Raises OwnProposal, or MoveRefused where it is out of date or was decided meanwhile.
    """
    locked = moves.lock(proposal.application)
    proposal = _read(proposal)
    if proposal.by_id == by.pk:
        raise OwnProposal
    request_key = moves.RequestKey(proposal.version, proposal.request_key)
    if proposal.state == ProposalState.CONFIRMED and proposal.decided_by_id == by.pk:
        return moves.made(locked, proposal.move, request_key)
    inputs = said(proposal)
    is_late = inputs.deadline is not None and inputs.deadline <= clock.day(now)
    if not _still_waits(proposal, locked) or is_late:
        raise moves.MoveRefused(proposal.move, locked)
    entry = moves.perform(
        proposal.move,
        locked,
        actor=proposal.actor,
        now=now,
        by=proposal.by.get_username(),
        seconded_by=by.get_username(),
        inputs=inputs,
        request_key=request_key,
    )
    _decide(proposal, ProposalState.CONFIRMED, now=now, by=by)
    return entry


@transaction.atomic
def send_back(proposal, *, now, by, answer):
    """End the proposal without a move; also who made it may do so. Pressed twice it ends once."""
    locked = moves.lock(proposal.application)
    proposal = _read(proposal)
    if proposal.state == ProposalState.SENT_BACK and proposal.decided_by_id == by.pk:
        return
    if not _still_waits(proposal, locked):
        raise moves.MoveRefused(proposal.move, locked)
    _decide(proposal, ProposalState.SENT_BACK, now=now, by=by, answer=answer)


def said(proposal):
    """What was said when it was proposed, as ``moves.perform`` takes it."""
    kept = proposal.said
    changes = dict(kept["changes"])
    if "vehicle_tax_rate" in changes:
        changes["vehicle_tax_rate"] = Decimal(changes["vehicle_tax_rate"])
    return moves.Inputs(
        reason=kept["reason"],
        deadline=read_day(kept["deadline"]),
        fields=tuple(kept["fields"]),
        attachments=tuple(kept["attachments"]),
        changes=changes,
    )


def _kept(inputs):
    return {
        "reason": inputs.reason,
        "deadline": inputs.deadline.isoformat() if inputs.deadline else "",
        "fields": list(inputs.fields),
        "attachments": list(inputs.attachments),
        "changes": {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in inputs.changes.items()
        },
    }


def _waits(application):
    rows = application.proposals.filter(state=ProposalState.WAITING, version=application.version)
    return rows.exists()


def _still_waits(proposal, application):
    return proposal.state == ProposalState.WAITING and proposal.version == application.version


def _read(proposal):
    return Proposal.objects.select_related("by").get(pk=proposal.pk)


def _decide(proposal, state, *, now, by, answer=""):
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, now
    proposal.answer = answer
    proposal.save(update_fields=["state", "decided_by", "decided_at", "answer"])
