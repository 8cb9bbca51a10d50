"""``python -m tests.upgrade.keep koss.sqlite3 0.1.0``: keep a database for tests of upgrading.

Written are the rows of every table, as they stand, and the newest migration of each app: no word of
SQLite's own, so that the same rows can be put into either kind of database.
"""

import base64
import gzip
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

KEPT = Path(__file__).parent
_OF_THE_DATABASE = ("sqlite_", "django_migrations")


def path_of(version):
    return KEPT / f"{version}.json.gz"


def kept():
    """The versions of which a database is kept."""
    return sorted(path.name.removesuffix(".json.gz") for path in KEPT.glob("*.json.gz"))


def read(version):
    """{"migrations": [[app, name], …], "tables": {name: {"columns": […], "rows": [[…], …]}}}."""
    return json.loads(gzip.decompress(path_of(version).read_bytes()), object_hook=_bytes_again)


def _content(database):
    tables = {}
    for name, sql in database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
        virtual = "VIRTUAL" in sql or "_names_" in name
        if virtual or name.startswith(_OF_THE_DATABASE):
            continue
        found = database.execute(f'SELECT * FROM "{name}"')
        columns = [column[0] for column in found.description]
        rows = [[_plain(value) for value in row] for row in found]
        tables[name] = {"columns": columns, "rows": rows}
    newest = "SELECT app, max(name) FROM django_migrations GROUP BY app"
    return {"migrations": database.execute(newest).fetchall(), "tables": tables}


def _plain(value):
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    return value


def _bytes_again(value):
    return base64.b64decode(value["bytes"]) if set(value) == {"bytes"} else value


if __name__ == "__main__":
    file, version = sys.argv[1:]
    with closing(sqlite3.connect(file)) as database:
        content = json.dumps(_content(database), ensure_ascii=False).encode()
    path_of(version).write_bytes(gzip.compress(content, mtime=0))
    print(f"{path_of(version)}: {path_of(version).stat().st_size:,} bytes")
