"""``make bench``: every pair on both databases, then docs/performance.md.

``SIZES``: how many applications; at the first all pairs are measured, at the others those that
could grow. ``ONLY``: pairs whose name contains it. ``ROUNDS``. What was measured before stays
beside what is new, so a size that takes hours is measured once: ``SIZES=1000000 make bench``.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from tests import postgres
from tests.bench import report

HOME = Path(__file__).parents[2] / ".data" / "bench"
RESULTS = HOME / "results.json"
# One connection is measured at a time; what is committed shall reach the disk.
_SERVER = postgres.DURABLE | {"fsync": "on", "shared_buffers": "1GB", "max_wal_size": "4GB"}


def main():
    sizes = [int(size) for size in os.environ.get("SIZES", "10000 100000").split()]
    HOME.mkdir(parents=True, exist_ok=True)
    for place, size in enumerate(sizes):
        _measure(size, growth_only=place > 0, DATABASE_URL="")
    if given := os.environ.get("BENCH_DATABASE_URL"):
        _on_postgres(sizes, given.rstrip("/"))
    else:
        try:
            with (
                tempfile.TemporaryDirectory(prefix="koss-bench-") as directory,
                postgres.cluster(Path(directory, "server"), _SERVER) as server,
            ):
                server.start()
                _on_postgres(sizes, f"postgres://postgres@{quote(server.host, safe='')}")
        except postgres.Unavailable as reason:
            print(f"Nothing was measured on PostgreSQL: {reason}")
    report.write(_known())


def _on_postgres(sizes, server):
    """``server``: a URL without a database. One database a size, made where it is not there yet."""
    for place, size in enumerate(sizes):
        name = f"koss_bench_{size}"
        subprocess.run(
            [sys.executable, "-m", "tests.bench.create", f"{server}/postgres", name], check=True
        )
        _measure(size, growth_only=place > 0, DATABASE_URL=f"{server}/{name}")


def _measure(size, *, growth_only, **environment):
    data = HOME / str(size)
    data.mkdir(exist_ok=True)
    rounds, only = os.environ.get("ROUNDS", "5"), os.environ.get("ONLY", "")
    environment = os.environ | environment | {"KOSS_DATA_DIR": str(data)}
    environment["BENCH_GROWTH_ONLY"] = "1" if growth_only else ""
    if not environment["DATABASE_URL"]:
        del environment["DATABASE_URL"]
    command = [sys.executable, "-m", "tests.bench.one", str(size), rounds, only]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout:
            found = json.loads(line)
            _keep(found)
            least, median, most = found["ratio"]
            name = f"{found['name']} ({found['database']}, {size:,})"
            print(f"{name:64} {median:8.3f}  {least:.3f} to {most:.3f}", flush=True)
    if running.returncode:
        sys.exit(running.returncode)


def _known():
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else []


def _keep(found):
    same = ("name", "size", "database")
    others = [each for each in _known() if any(each[key] != found[key] for key in same)]
    RESULTS.write_text(json.dumps([*others, found], ensure_ascii=False, indent=0))


if __name__ == "__main__":
    main()
