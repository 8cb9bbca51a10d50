"""Run the suite once per database and say in the end what ran, what failed and what was left out.

    .venv/bin/python -m tests.run [--fast] [arguments for pytest]

SQLite comes first, with everything; then PostgreSQL, with everything that touches a database. The
server is the one of ``TEST_DATABASE_URL``, else one of its own from the package pgserver. What
cannot run here is skipped with its reason; ``KOSS_REQUIRE=postgres,browser`` makes such a skip a
failure. ``--fast`` is the part that takes seconds, on SQLite alone. The last line is always
``N passed, N failed, N skipped``, summed over the runs.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests import chromium, postgres

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".data"
# The only names a run takes over from outside: an operator's settings are none of its business.
KEPT = {"KOSS_REQUIRE", "KOSS_CHROMIUM"}
NOT_ON_POSTGRES = "not browser and not house"
FAST = "not browser and not race and not fault"


def main(arguments):
    fast = "--fast" in arguments
    arguments = [argument for argument in arguments if argument != "--fast"]
    required = set(filter(None, os.environ.get("KOSS_REQUIRE", "").split(",")))
    with directory() as home:
        runs = [suite(home, "SQLite", arguments, only=FAST if fast else "")]
        if not fast:
            runs.append(on_postgres(home, arguments, required))
    return report(runs, required)


def on_postgres(home, arguments, required):
    """The second run, or in its place the count of what it would have been."""
    given = os.environ.get("TEST_DATABASE_URL")
    try:
        if given:
            return suite(home, "PostgreSQL", arguments, only=NOT_ON_POSTGRES, database=given)
        with postgres.server(home / "postgres") as url:
            return suite(home, "PostgreSQL", arguments, only=NOT_ON_POSTGRES, database=url)
    except postgres.Unavailable as reason:
        count = 1 if "postgres" in required else collected(home, arguments)
        skip = {"needs": "postgres", "reason": f"no PostgreSQL: {reason}", "count": count}
        return {"title": "PostgreSQL", "passed": 0, "failed": 0, "skipped": count, "skips": [skip]}


def suite(home, title, arguments, *, only, database=None):
    """One run of pytest: its counts, as tests/conftest.py writes them down."""
    print(f"== {title}", flush=True)
    counts = home / f"{title}.json"
    workers = min(os.cpu_count() or 1, 4)
    command = [sys.executable, "-m", "pytest", "-m", only, *arguments]
    if workers > 1:
        command += ["-n", str(workers)]
    status = subprocess.run(
        command, cwd=ROOT, env=environment(home, database, counts), stdin=subprocess.DEVNULL
    ).returncode
    result = {"passed": 0, "failed": 0, "skipped": 0, "skips": []}
    if counts.exists():
        result = json.loads(counts.read_text())
    if status and not result["failed"]:
        nothing_chosen = status == 5 and arguments
        result["failed"] = 0 if nothing_chosen else 1
    return result | {"title": title}


def environment(home, database, counts):
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT
        or not re.match(r"KOSS_|DJANGO_|(DATABASE|EMAIL)_URL$|DEMO$|PORT$|BIND$", name)
    }
    kept |= {"KOSS_DATA_DIR": str(home / "data"), "KOSS_TEST_COUNTS": str(counts)}
    return kept | ({"DATABASE_URL": database} if database else {})


def collected(home, arguments):
    """How many tests the run on PostgreSQL would have had."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", NOT_ON_POSTGRES]
    listed = subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env=environment(home, None, home / "collected.json"),
        capture_output=True,
        text=True,
    )
    found = re.search(r"^(\d+)(?:/\d+)? tests? collected", listed.stdout, re.MULTILINE)
    return int(found[1]) if found else 0


@contextmanager
def directory():
    """A directory for this run alone, so that two runs at once do not meet."""
    DATA.mkdir(exist_ok=True)
    sweep()
    home = Path(tempfile.mkdtemp(prefix=f"tests-{os.getpid()}-", dir=DATA))
    home.chmod(0o755)  # the PostgreSQL server may belong to another user
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def sweep():
    """Remove what killed runs have left; a server among it ends when its directory is gone."""
    for left in DATA.glob("tests-*-*"):
        try:
            os.kill(int(left.name.split("-")[1]), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except PermissionError:
            pass  # alive, and somebody else's


def report(runs, required):
    """Print the account and return the exit code."""
    print("== Summary")
    for run in runs:
        print(f"{run['title']}: {run['passed']} passed, {run['failed']} failed")
        for skip in run["skips"]:
            print(f"  {skip['count']} skipped: {skip['reason']}")
            if skip["needs"] in required:
                print(f"  KOSS_REQUIRE asks for {skip['needs']}: these count as failed")
                run["failed"] += skip["count"]
                run["skipped"] -= skip["count"]
    failed = sum(run["failed"] for run in runs)
    if "browser" in required and not chromium.find():
        print(f"KOSS_REQUIRE asks for browser: {chromium.WHY_NOT}")
        failed = failed or 1
    passed, skipped = (sum(run[name] for run in runs) for name in ("passed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
