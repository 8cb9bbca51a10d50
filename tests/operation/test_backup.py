"""A backup under load is whole, comes back elsewhere, and what is not whole is refused."""

import io
import json
import secrets
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from threading import Event

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection

from applications.life import moves
from applications.models import Application, HeldFile
from applications.status import Actor
from applications.uploads import inspecting, keeping
from koss.ground import clock
from koss.operation import backup, copies, databases, invariants
from tests import postgres
from tests.databases import an_empty_one
from tests.races.crowd import all_at_once
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_place(settings, tmp_path, monkeypatch):
    uploads_in(settings, tmp_path / "uploads")
    if connection.vendor == "postgresql":
        settings.KOSS_POSTGRESQL_PROGRAMS = str(postgres.programs_of_the_wheel())
    monkeypatch.setattr(
        inspecting,
        "inspect",
        lambda file: inspecting.Inspected("application/pdf", file.read(), b"preview"),
    )


def uploads_in(settings, place):
    backend = "django.core.files.storage.FileSystemStorage"
    entry = {"BACKEND": backend, "OPTIONS": {"location": str(place)}}
    settings.STORAGES = settings.STORAGES | {"uploads": entry}


def hold(content=None):
    """A file handed in, as the bulk interface does it."""
    content = content or secrets.token_bytes(2000)
    return keeping.hold("KNSE0001", ContentFile(content, "a.pdf"), now=clock.now())


def forget(held):
    HeldFile.objects.filter(pk=held.pk).delete()
    keeping.delete_files(held.key)


def lost():
    """Keys of rows whose file is not in the storage as it was handed in."""
    return [held.key for held in HeldFile.objects.all() if not keeping.holds(held.key, held.digest)]


def taken(place, seconds=0):
    """A copy made so many seconds after five o'clock."""
    now = clock.at(clock.today(), hour=5) + timedelta(seconds=seconds)
    return backup.take(place, now=now).copy


def test_a_copy_under_load_is_whole_and_comes_back_elsewhere(settings, tmp_path):
    over = Event()
    waiting = [make("検査申請補正待ち") for _ in range(12)]
    hold(b"there from the beginning")

    def withdraws():
        for application in waiting:
            if over.is_set():
                break
            moves.perform("withdraw", application, actor=Actor.APPLICANT, now=clock.now())

    def hands_in():
        """Files come, and some of them go again."""
        count = 0
        while not over.is_set():
            held = hold()
            count += 1
            if count % 3 == 0:
                forget(held)

    def copies_it():
        try:
            while HeldFile.objects.count() < 5:
                pass
            return [taken(tmp_path / "copies", seconds) for seconds in range(2)]
        finally:
            over.set()

    made = all_at_once([withdraws, hands_in, copies_it])[-1]

    for number, copy in enumerate(made):
        assert copies.damaged(copy, copies.read_manifest(copy)) == []
        uploads_in(settings, tmp_path / f"elsewhere{number}")
        with an_empty_one(tmp_path):
            done = backup.restore(copy)
            assert (done.behind, done.broken, lost()) == (False, [], [])
            assert HeldFile.objects.count() >= 5
            assert Application.objects.count() == 12
            make("検査申請受付中")  # it can be written to, with keys of its own
        with suppress(FileNotFoundError):
            (tmp_path / "empty.sqlite3").unlink()
    # What the newest copy had was linked, not written once more.
    shared = {path.stat().st_nlink for path in made[0].glob("uploads/*")}
    assert max(shared) > 1


def test_files_copied_before_the_database_lose_one(tmp_path, settings):
    """The control: the other order."""
    hold()
    shutil.copytree(tmp_path / "uploads", tmp_path / "early")
    hold()

    uploads_in(settings, tmp_path / "early")

    assert len(lost()) == 1


@pytest.mark.sqlite
def test_the_file_of_a_database_alone_loses_what_was_written_last(tmp_path):
    """The control: a plain copy of the file, without what stands in its journal."""
    hold()
    shutil.copy(connection.settings_dict["NAME"], tmp_path / "plain.sqlite3")
    with closing(sqlite3.connect(tmp_path / "plain.sqlite3")) as plain:
        [(count,)] = plain.execute(f"SELECT count(*) FROM {HeldFile._meta.db_table}")
    assert count == 0

    copy = taken(tmp_path)

    with closing(sqlite3.connect(copy / databases.FILES["sqlite"])) as whole:
        [(count,)] = whole.execute(f"SELECT count(*) FROM {HeldFile._meta.db_table}")
    assert count == 1


def test_a_file_that_the_portal_lost_is_told_and_the_rest_is_kept(tmp_path):
    held, changed, sound = hold(), hold(), hold()
    keeping.delete_files(held.key)
    with storages["uploads"].open(changed.key, "wb") as file:
        file.write(b"something else")

    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("backup", tmp_path / "copies", stdout=io.StringIO(), stderr=said)

    assert ended.value.code == 1
    assert "3 files are lost or changed" in said.getvalue()
    [copy] = copies.all_in(tmp_path / "copies")
    assert (copy / "uploads" / sound.key).exists()


def edited(copy, **changes):
    manifest = json.loads((copy / copies.MANIFEST).read_text())
    (copy / copies.MANIFEST).write_text(json.dumps(manifest | changes))


def test_what_must_not_come_back_is_refused_and_nothing_changes(tmp_path, monkeypatch):
    held = hold()
    copy = taken(tmp_path / "copies")
    later = hold()
    whole = copies.read_manifest(copy)

    def refused(why, *, replace=True):
        with pytest.raises(CommandError, match=why):
            call_command("restore", tmp_path / "copies", replace=replace, stdout=io.StringIO())
        assert HeldFile.objects.filter(pk=later.pk).exists()

    refused("is not empty", replace=False)
    edited(copy, migrations=[*whole["migrations"], "koss.9999_from_tomorrow"], version="9.9")
    refused("newer version, 9.9, .* koss.9999_from_tomorrow is not known")
    edited(copy, migrations=whole["migrations"], database="oracle")
    refused("a database of oracle")
    edited(copy, database=connection.vendor, format=2)
    refused("has the form 2")
    edited(copy, format=copies.FORMAT)
    dump_name = databases.FILES[connection.vendor]
    facts = whole["files"][dump_name]
    edited(copy, files={name: each for name, each in whole["files"].items() if name != dump_name})
    refused("does not name the database")
    for name in ("uploads/../../x", "uploads/a\0b", "uploads/", "/etc/hostname"):
        edited(copy, files=whole["files"] | {name: facts})
        refused("is damaged: ")
    for change in (
        {"files": []},
        {"files": {dump_name: {}}},
        {"files": {dump_name: {"sha256": None}}},
        {"made_at": None},
        {"version": 1},
        {"migrations": None},
    ):
        edited(copy, **whole | change)
        refused("The manifest of")
    taken(tmp_path / "copies", 1).rename(tmp_path / "beside a damaged one")
    edited(copy, **whole)
    dump = copy / databases.FILES[connection.vendor]
    sound = dump.read_bytes()
    dump.write_bytes(sound[:-1])
    refused("is damaged: database")
    # Where nobody looked at the digests, the database would still be all or nothing.
    with monkeypatch.context() as patch:
        patch.setattr(copies, "damaged", lambda *_: [])
        dump.write_bytes(sound[: len(sound) // 2])
        refused(r"left as it was|malformed")
    dump.write_bytes(sound)
    (copy / "uploads" / held.key).unlink()
    refused(f"is damaged: uploads/{held.key}")
    (copy / copies.MANIFEST).unlink()
    refused("is no copy")


def test_a_copy_replaces_what_is_there(tmp_path):
    held = hold()
    taken(tmp_path / "copies")
    later = hold()
    keeping.delete_files(held.key)
    said = io.StringIO()

    call_command("restore", tmp_path / "copies", replace=True, stdout=said)

    assert list(HeldFile.objects.values_list("key", flat=True)) == [held.key]
    assert lost() == []
    assert invariants.broken() == []
    assert "2 files were put back" in said.getvalue()
    assert "Every rule of check_invariants holds" in said.getvalue()
    assert storages["uploads"].exists(later.key)  # the night sweeps it like any other


def test_the_newest_are_kept_and_what_was_left_half_is_none(tmp_path, monkeypatch):
    held = hold()
    made = [taken(tmp_path, seconds) for seconds in range(4)]
    half = tmp_path / ".koss-20000101-000000"
    half.mkdir()

    assert copies.keep_newest(tmp_path, 2) == [copy.name for copy in made[:2]]
    assert copies.all_in(tmp_path) == made[2:]
    # Its links go with a copy, its files stay for the others.
    assert copies.digest_of(made[3] / "uploads" / held.key) == held.digest

    with pytest.raises(copies.CopyFault, match="is there already"):
        taken(tmp_path, 3)
    monkeypatch.setattr(copies, "write_manifest", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        taken(tmp_path, 9)
    assert {path.name for path in tmp_path.iterdir()} == {
        ".lock",
        "uploads",
        *(copy.name for copy in made[2:]),
    }
    assert made[3].stat().st_mode & 0o077 == 0
    with copies.alone(tmp_path), pytest.raises(copies.CopyFault, match="Another copy"):
        taken(tmp_path, 10)


@pytest.mark.postgres
def test_programs_that_are_missing_or_older_than_the_server_are_named(settings, tmp_path):
    settings.KOSS_POSTGRESQL_PROGRAMS = str(tmp_path)
    with pytest.raises(CommandError, match=r"pg_dump was not found.*KOSS_POSTGRESQL_PROGRAMS"):
        call_command("backup", tmp_path / "copies")
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho pg_dump '(PostgreSQL) 9.6.1'\n")
    (tmp_path / "pg_dump").chmod(0o755)
    with pytest.raises(CommandError, match="older than the server"):
        call_command("backup", tmp_path / "copies")
    assert copies.all_in(tmp_path / "copies") == []
