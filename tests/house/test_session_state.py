"""Nothing lives in a session of PostgreSQL: behind a pool the next statement may be in another."""

import re

import pytest

from tests.house.sources import APPS, ROOT

# Locks of a session, settings of one, channels, tables and statements of its own.
OF_A_SESSION = re.compile(
    r"pg_(?:try_)?advisory_(?:lock|unlock)"
    r"|[\"'(]\s*SET (?!TRANSACTION|LOCAL|CONSTRAINTS)\w"
    r"|set_config\([^)]*false"
    r"|[\"'](?:UN)?LISTEN |[\"']NOTIFY "
    r"|CREATE (?:LOCAL |GLOBAL )?TEMP"
    r"|[\"'](?:PREPARE|DECLARE|DISCARD|LOAD) "
    r"|\bcursor\(name|prepare\s*=\s*True"
)
KNOWN = {
    # Without a pool alone; it asks the setting.
    "koss/operation/web_limits.py",
    # What pg_restore writes, which it takes out.
    "koss/operation/databases.py",
}


def found_in(text):
    return OF_A_SESSION.findall(text)


def test_nothing_is_kept_in_a_session():
    modules = {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
    }
    assert {name for name, text in modules.items() if found_in(text)} == KNOWN


@pytest.mark.parametrize(
    "planted",
    [
        'cursor.execute("SELECT pg_advisory_lock(1)")',
        'cursor.execute("SET search_path = other")',
        "cursor.execute(\"SELECT set_config('a.b', 'c', false)\")",
        'cursor.execute("LISTEN mails")',
        'cursor.execute("CREATE TEMP TABLE a (b int)")',
        'cursor.execute("PREPARE a AS SELECT 1")',
        'cursor.execute("SELECT 1", prepare=True)',
    ],
)
def test_a_planted_state_is_found(planted):
    assert found_in(planted)
    assert not found_in(
        'execute("SELECT pg_advisory_xact_lock(1)"); execute("SET TRANSACTION READ ONLY");'
        'execute("SET LOCAL lock_timeout = 1")'
    )
