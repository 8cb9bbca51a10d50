"""Keeping uploaded files: under random names, outside the web root, on a storage of its own.

The file is written before its row, so a row never names a file that is not there; what a kill left
without a row is swept by the night.
"""

import hashlib
import re
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import Sum

from applications.models import HeldFile, Upload
from applications.uploads import inspecting
from applications.uploads.refusals import FileFault, FileRefused
from koss.ground import clock

TOGETHER = 30 * 1024 * 1024
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
# How old a file without a row must be before the night takes it for one that a kill left behind.
_ORPHAN_AFTER = timedelta(days=1)


def store():
    """The storage of uploaded files (``STORAGES["uploads"]``)."""
    return storages["uploads"]


def keep(own, kind, file, *, now):
    """Inspect ``file`` and keep it. Returns the Upload, or raises FileRefused.

    ``own(upload)``: called in the transaction that keeps it. It locks what the unsaved ``upload``
    shall belong to, names this on it, and returns the uploads that count together with it. What it
    raises is raised, and nothing is kept.
    """
    inspected = inspecting.inspect(file)
    upload = Upload(
        key=secrets.token_hex(16),
        kind=kind,
        name=safe_name(file.name),
        media_type=inspected.media_type,
        size=len(inspected.content),
        digest=hashlib.sha256(inspected.content).hexdigest(),
        preview_digest=hashlib.sha256(inspected.preview).hexdigest(),
        at=now,
    )
    try:
        store().save(upload.key, ContentFile(inspected.content))
        store().save(preview_of(upload.key), ContentFile(inspected.preview))
        with transaction.atomic():
            kept = own(upload).aggregate(total=Sum("size"))["total"] or 0
            if kept + upload.size > TOGETHER:
                raise FileRefused(FileFault.TOGETHER)
            upload.save()
            return upload
    except Exception:
        delete_files(upload.key)
        raise


def hold(bulk_id, file, *, now):
    """Inspect ``file`` and keep it for applications of ``bulk_id`` to come. Raises FileRefused.

    The same content again gives the HeldFile that stands there.
    """
    inspected = inspecting.inspect(file)
    held = HeldFile(
        key=secrets.token_hex(16),
        bulk_id=bulk_id,
        name=safe_name(file.name),
        media_type=inspected.media_type,
        size=len(inspected.content),
        digest=hashlib.sha256(inspected.content).hexdigest(),
        at=now,
    )
    same = HeldFile.objects.filter(bulk_id=bulk_id, digest=held.digest)
    if same.update(at=now, name=held.name):
        return same.get()
    store().save(held.key, ContentFile(inspected.content))
    store().save(preview_of(held.key), ContentFile(inspected.preview))
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError:  # the same file a moment ago
        delete_files(held.key)
        return same.get()
    return held


def copy(held):
    """A copy of the files of ``held`` in the storage; returns its key."""
    key = secrets.token_hex(16)
    for of_held, own in ((held.key, key), (preview_of(held.key), preview_of(key))):
        with store().open(of_held) as file:
            store().save(own, file)
    return key


def forget_held(business_date, *, now, chunk):
    """Step of the night: delete files that were handed in KOSS_DRAFT_DAYS ago. Yields how many."""
    old = HeldFile.objects.filter(at__lt=now - timedelta(days=settings.KOSS_DRAFT_DAYS))
    while keys := list(old.order_by("pk").values_list("key", flat=True)[:chunk]):
        HeldFile.objects.filter(key__in=keys).delete()
        for key in keys:
            delete_files(key)
        yield len(keys)


def remove(upload):
    """Forget ``upload``: its row, and with the transaction its files."""
    upload.delete()
    transaction.on_commit(lambda: delete_files(upload.key))


def is_intact(upload):
    """Whether the storage still holds what was handed in, byte for byte."""
    return holds(upload.key, upload.digest)


def holds(name, digest):
    """Whether the storage holds under ``name`` what has this SHA-256."""
    found = hashlib.sha256()
    try:
        with store().open(name) as file:
            for chunk in file.chunks():
                found.update(chunk)
    except FileNotFoundError:
        return False
    return found.hexdigest() == digest


def delete_files(key):
    for name in (key, preview_of(key)):
        store().delete(name)


def preview_of(key):
    return f"{key}.preview"


def safe_name(name):
    """``name`` without folders and without signs that no file name should have."""
    plain = _NOT_IN_NAMES.sub("", PurePosixPath(name.replace("\\", "/")).name).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return (stem[: 90 - len(ending)] + dot + ending)[:100] or "file"


def sweep(business_date, *, now, chunk):
    """Step of the night: delete files that no row names. Yields how many."""
    try:
        _folders, names = store().listdir("")
    except FileNotFoundError:  # nothing was ever handed in
        return
    for start in range(0, len(names), chunk):
        some = names[start : start + chunk]
        keys = {name.partition(".")[0] for name in some}
        known = set(Upload.objects.filter(key__in=keys).values_list("key", flat=True))
        known |= set(HeldFile.objects.filter(key__in=keys).values_list("key", flat=True))
        orphans = [name for name in some if name.partition(".")[0] not in known]
        swept = 0
        for name in orphans:
            with suppress(FileNotFoundError):  # removed meanwhile, with its row
                if store().get_modified_time(name) < clock.system_now() - _ORPHAN_AFTER:
                    store().delete(name)
                    swept += 1
        yield swept
