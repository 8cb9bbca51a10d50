"""The database as one file and back, while others use it; PostgreSQL by its own programs."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager, suppress

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from koss.operation.copies import CopyFault, sync

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
# A newer pg_restore sets this on a server that may not know it yet.
_NOT_KNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"


@contextmanager
def dumped(path):
    """Write the database to ``path``; inside the block ``rows(sql)`` reads from just that state."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            [snapshot] = cursor.fetchone()
            _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={path}")
            sync(path)
            yield lambda sql: _asked(cursor, sql)
    else:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        sync(path)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            yield lambda sql: _asked(copy.cursor(), sql)


def load(path):
    """Put what ``dumped`` wrote in place of everything in the database, all or nothing."""
    if connection.vendor == "postgresql":
        _load_on_postgresql(path)
    else:
        # Into the open database and not over its file: who has it open sees the new content.
        connection.ensure_connection()
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
                copy.backup(connection.connection)
        except sqlite3.Error as error:
            raise CopyFault(f"The database was left as it was: {error}") from error
        finally:
            connection.close()


def is_empty():
    """Whether the database has no table at all."""
    return not connection.introspection.table_names()


def program(name):
    """The path of a program of PostgreSQL that is not older than the server. Raises CopyFault."""
    server = connection.pg_version // 10_000
    named = settings.KOSS_POSTGRESQL_PROGRAMS
    places = [named] if named else [f"/usr/lib/postgresql/{server}/bin", *os.get_exec_path()]
    found = shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        raise CopyFault(
            f"{name} was not found: install the client programs of PostgreSQL {server}, or name "
            "their directory in KOSS_POSTGRESQL_PROGRAMS."
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
    version = re.search(r"\d+", said)
    if version is None or int(version[0]) < server:
        raise CopyFault(
            f"{found} is older than the server, which is PostgreSQL {server}: install its client "
            "programs, or name their directory in KOSS_POSTGRESQL_PROGRAMS."
        )
    return found


def _load_on_postgresql(path):
    """One transaction: it ends well only when the whole dump has been read."""
    tables = connection.introspection.table_names()
    names = ", ".join(connection.ops.quote_name(table) for table in tables)
    connection.close()
    restore = [program("pg_restore"), "--no-owner", "--no-acl", "--no-comments", "--file=-", path]
    command, environment = _command("psql")
    command += ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with (
        subprocess.Popen(restore, stdout=subprocess.PIPE) as reads,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        ) as writes,
    ):
        try:
            writes.stdin.write(b"BEGIN;\n")
            if names:
                writes.stdin.write(f"DROP TABLE {names} CASCADE;\n".encode())
            begun = False
            for line in reads.stdout:
                begun = begun or line.startswith(b"COPY ")
                if begun or line != _NOT_KNOWN_BEFORE_17:
                    writes.stdin.write(line)
            if reads.wait() == 0:
                writes.stdin.write(b"COMMIT;\n")
            writes.stdin.close()
        except BrokenPipeError:
            pass  # psql has said why
        said = writes.stderr.read().decode(errors="replace")
    if reads.returncode or writes.returncode:
        raise CopyFault(f"The database was left as it was: {said.strip()[-500:]}")


def _run(name, *arguments):
    command, environment = _command(name)
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, env=environment)
    if done.returncode:
        raise CopyFault(f"{name} failed: {done.stderr.strip()[-500:]}")


def _command(name):
    """A program of PostgreSQL that leads to our database: (command, environment).

    Past a pool: these programs set a session's search path and leave it so, and the next client of
    that session would find no table.
    """
    database = settings.KOSS_DIRECT_DATABASE or connection.settings_dict
    told = connection.settings_dict | database | {"OPTIONS": {}}
    [_psql, *arguments], more = connection.client_class.settings_to_cmd_args_env(told, [])
    # Of the options in the URL, those that say how to get there.
    for option in ("sslmode", "sslrootcert", "sslcert", "sslkey"):
        if option in database["OPTIONS"]:
            more = (more or {}) | {f"PG{option.upper()}": database["OPTIONS"][option]}
    return [program(name), *map(str, arguments)], {**os.environ, **(more or {})}


def _asked(cursor, sql):
    cursor.execute(sql)
    return cursor.fetchall()


def leave_one_file():
    """SQLite: what ended programs left beside the database's file goes into it, if it can."""
    if connection.vendor == "sqlite":
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
