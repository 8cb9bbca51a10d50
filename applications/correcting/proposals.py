"""What an applicant has filled in of a correction and not sent yet: values and files.

It lies in the order's own row, so it is still there after an hour or on another device. Every
change counts its version up under the application's lock; a form drawn from another version
changes nothing.
"""

from contextlib import contextmanager

from django.db import transaction

from applications.life import moves
from applications.models import Notice, Upload
from applications.status import Status
from applications.uploads import keeping
from applications.uploads.refusals import FileFault, FileRefused


class ProposalGone(Exception):
    """The proposal was changed or sent in another window since the form was drawn."""


class _AlreadyThere(Exception):
    """The proposal holds this very file."""


def save(order, changes, *, version):
    """Keep ``changes`` (field name → value). Returns the version as it stands then.

    Raises ProposalGone, unless what stands there already is the same.
    """
    with _locked(order) as row:
        if row.proposal != changes:
            _next(row, version, proposal=changes)
        return row.proposal_version


def put(order, name, value, *, version):
    """Keep ``value`` of the field ``name`` beside the others. Returns and raises as ``save``."""
    with _locked(order) as row:
        if row.proposal.get(name) != value:
            _next(row, version, proposal={**row.proposal, name: value})
        return row.proposal_version


def add(order, kind, file, *, version, now):
    """Inspect ``file`` and keep it. Returns the version that a form drawn from ``version`` has now.

    The same file once more changes nothing. Raises FileRefused, or ProposalGone.
    """

    def own(upload):
        beside = order.application.uploads.filter(retired_at=None)
        with _locked(order) as row:
            same = beside.filter(kind=kind, digest=upload.digest)
            if same.filter(order=order).exists():
                raise _AlreadyThere
            if same.exists():
                raise FileRefused(FileFault.SAME)
            _next(row, version)
            upload.application, upload.order = row.application, row
        return beside

    try:
        return keeping.keep(own, kind, file, now=now).order.proposal_version
    except _AlreadyThere:
        return version


def remove(order, key, *, version):
    """Take a file of the proposal away again; returns the version as ``add`` does."""
    with _locked(order) as row:
        upload = Upload.objects.filter(order=row, key=key).first()
        if upload is None:
            return version
        _next(row, version)
        keeping.remove(upload)
        return row.proposal_version


def forget(business_date, *, now, chunk):
    """Step of the night: delete what was never sent of orders that nobody can answer any more."""
    over = Notice.objects.open_corrections().exclude(application__status__in=Status.CORRECTABLE)
    left = Upload.objects.filter(order__in=over)
    while files := list(left.order_by("pk")[:chunk]):
        for upload in files:
            keeping.remove(upload)
        yield len(files)
    filled_in = over.filter(proposal_version__gt=0)
    while keys := list(filled_in.order_by("pk").values_list("pk", flat=True)[:chunk]):
        Notice.objects.filter(pk__in=keys).update(proposal={}, proposal_version=0)
        yield len(keys)


@contextmanager
def _locked(order):
    """The row of ``order`` as it stands, while no move can answer it."""
    with transaction.atomic():
        application = moves.lock(order.application)
        row = Notice.objects.get(pk=order.pk)
        if row.answered_at or application.status not in Status.CORRECTABLE:
            raise ProposalGone
        row.application = application
        yield row


def _next(row, version, **values):
    if row.proposal_version != version:
        raise ProposalGone
    for name, value in values.items():
        setattr(row, name, value)
    row.proposal_version += 1
    row.save(update_fields=[*values, "proposal_version"])
