"""A backup that is whole while the portal is used, and what brings it back.

The database goes first, then the files that it names: a file is written before its row, so every
file of a row that was copied was there by then. Files are never changed, so one that the newest
copy has already is linked instead of copied. A file that was deleted since, with its row, sends us
back to copy the database anew. Secrets are no part of a copy: who has both has everything.
"""

import os
import time
from contextlib import suppress
from dataclasses import dataclass, field

from django.core.files import File
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from applications.models import HeldFile, Upload
from applications.uploads.keeping import holds, preview_of
from koss.ground.progress import followed
from koss.operation import copies, databases
from koss.operation.copies import CopyFault
from koss.operation.invariants import broken
from koss.operation.version import version

# How often the database is copied anew because files were deleted meanwhile.
_TRIES = 10
_CHUNK = 1024 * 1024


@dataclass
class CopyTaken:
    """``lost``: names of files that the portal itself lacks, or that are not as their row says."""

    copy: object
    files: int = 0
    linked: int = 0
    lost: list = field(default_factory=list)
    seconds: dict = field(default_factory=dict)


@dataclass
class CopyRestored:
    """``behind``: whether migrations had to run. ``broken``: rules that do not hold."""

    files: int
    behind: bool
    broken: list
    seconds: dict


def take(directory, *, now, with_files=True):
    """Make one copy of database and files in ``directory``. Raises CopyFault."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with copies.alone(directory):
        newest = copies.all_in(directory)[-1:]
        name = copies.named(now)
        made = CopyTaken(directory / name)
        with copies.making(directory, name) as unfinished:
            facts = _filled(unfinished, newest, made, with_files)
            copies.write_manifest(
                unfinished,
                {
                    "format": copies.FORMAT,
                    "made_at": now.isoformat(),
                    "version": version(),
                    "database": connection.vendor,
                    "migrations": _applied(),
                    "with_files": with_files,
                    "lost": made.lost,
                    "files": facts,
                },
            )
        return made


def restore(copy, *, replace=False):
    """Put ``copy`` in place of what is there, migrate, and look at the rules. Raises CopyFault.

    Nothing is changed unless the whole copy is sound and fits this program and database.
    """
    watch = _Watch()
    manifest = copies.read_manifest(copy)
    _must_fit(manifest)
    if not replace and not databases.is_empty():
        raise CopyFault("The database is not empty. With --replace everything in it is lost.")
    if damaged := copies.damaged(copy, manifest):
        raise CopyFault(f"{copy} is damaged: {', '.join(damaged[:5])}.")
    watch.done("looking at the copy")
    count = _files_back(copy, manifest)
    watch.done("uploaded files")
    databases.load(copy / databases.FILES[connection.vendor])
    watch.done("database")
    executor = MigrationExecutor(connection)
    behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    call_command("migrate", verbosity=0, interactive=False)
    watch.done("migrations")
    rules = broken()
    watch.done("rules that must hold")
    return CopyRestored(count, behind, rules, watch.seconds)


def _filled(unfinished, newest, made, with_files):
    """Database and files of one state of the portal: the facts of each file."""
    watch = _Watch()
    dump = unfinished / databases.FILES[connection.vendor]
    if with_files:
        (unfinished / copies.UPLOADS).mkdir(mode=0o700)
    copied = {}
    for _try in range(_TRIES):
        dump.unlink(missing_ok=True)
        with databases.dumped(dump) as rows:
            named = _named_by(rows) if with_files else {}
        watch.done("database")
        gone = _copied(unfinished, newest, named, copied, made)
        watch.done("uploaded files")
        # What still has its row was lost before; what has none was deleted a moment ago.
        made.lost = sorted(gone & _still_named()) if gone else []
        if gone <= set(made.lost):
            break
    else:
        raise CopyFault("Files were deleted as fast as they were copied: try again later.")
    for name in copied.keys() - named.keys():
        (unfinished / copies.UPLOADS / name).unlink()
    files = {name: facts for name, facts in copied.items() if name in named}
    made.lost += sorted(
        name for name, facts in files.items() if named[name] not in (None, facts["sha256"])
    )
    made.files, made.seconds = len(files), watch.seconds
    return {
        dump.name: copies.facts_of(dump),
        **{f"{copies.UPLOADS}/{name}": facts for name, facts in sorted(files.items())},
    }


def _named_by(rows):
    """The files that the copied rows name: {name: its SHA-256, or None where no row knows it}."""
    named = {}
    upload, held = Upload._meta.db_table, HeldFile._meta.db_table
    for key, digest, of_preview in rows(f"SELECT key, digest, preview_digest FROM {upload}"):
        named |= {key: digest, preview_of(key): of_preview or None}
    for key, digest in rows(f"SELECT key, digest FROM {held}"):
        named |= {key: digest, preview_of(key): None}
    return named


def _still_named():
    """Names of all files that rows name now."""
    keys = {*Upload.objects.values_list("key", flat=True)}
    keys |= {*HeldFile.objects.values_list("key", flat=True)}
    return keys | {preview_of(key) for key in keys}


def _copied(unfinished, newest, named, copied, made):
    """Bring ``copied`` up to ``named``. Returns the names of files that are not there."""
    before = copies.read_manifest(newest[0])["files"] if newest else {}
    storage, gone = storages["uploads"], set()
    for name in followed(named.keys() - copied.keys(), "uploaded files"):
        place = unfinished / copies.UPLOADS / name
        known = before.get(f"{copies.UPLOADS}/{name}")
        if known and named[name] in (None, known["sha256"]):
            with suppress(OSError):
                os.link(newest[0] / copies.UPLOADS / name, place)
                copied[name] = known
                made.linked += 1
                continue
        try:
            with storage.open(name) as file:
                copied[name] = copies.write(place, file.chunks(_CHUNK))
        except FileNotFoundError:
            place.unlink(missing_ok=True)
            gone.add(name)
    return gone


def _files_back(copy, manifest):
    """Save the uploaded files that are not in the storage as they were. Returns how many."""
    storage, count = storages["uploads"], 0
    prefix = f"{copies.UPLOADS}/"
    for name, facts in followed(manifest["files"].items(), "uploaded files"):
        if not name.startswith(prefix):
            continue
        key = name.removeprefix(prefix)
        if storage.exists(key):
            if holds(key, facts["sha256"]):
                continue
            storage.delete(key)
        with (copy / name).open("rb") as file:
            storage.save(key, File(file))
        count += 1
    return count


def _must_fit(manifest):
    """Raise CopyFault where this program or database cannot take the copy."""
    if manifest["database"] != connection.vendor:
        raise CopyFault(
            f"The copy is of a database of {manifest['database']}, and this is {connection.vendor}."
        )
    known = {f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.graph.nodes}
    if newer := sorted(set(manifest["migrations"]) - known):
        raise CopyFault(
            f"The copy is of a newer version, {manifest['version']}, than this, {version()}: "
            f"{newer[0]} is not known here."
        )


def _applied():
    executor = MigrationExecutor(connection)
    return sorted(f"{app}.{name}" for app, name in executor.loader.applied_migrations)


class _Watch:
    """How many seconds each step took."""

    def __init__(self):
        self.seconds, self._since = {}, time.monotonic()

    def done(self, step):
        now = time.monotonic()
        self.seconds[step] = self.seconds.get(step, 0) + now - self._since
        self._since = now
