"""The bank as a program: its migrations, its secrets, and what it says to a wrong setting."""

import subprocess
import sys

import pytest

from payments.sandbox import env
from tests.processes import ROOT

pytestmark = pytest.mark.sqlite


def run(home, *command, **settings):
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={
            "KOSS_DATA_DIR": str(home),
            "DJANGO_SETTINGS_MODULE": "payments.sandbox.settings",
            "PYTHONUTF8": "1",
            **settings,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_migrations_are_complete(tmp_path):
    done = run(tmp_path, "django", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_to_complain_of(tmp_path):
    done = run(tmp_path, "django", "check", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_its_secrets_are_its_users_alone(tmp_path):
    run(tmp_path, "django", "check")
    for name in ("bank_secret", "bank_secret_key"):
        path = tmp_path / name
        assert path.stat().st_mode & 0o777 == 0o600
        assert len(path.read_text()) > 60


def test_a_wrong_port_is_one_sentence(tmp_path, monkeypatch):
    failed = run(tmp_path, "payments.sandbox", BANK_PORT="eighty")
    assert failed.returncode == 1
    assert failed.stderr.strip() == "BANK_PORT='eighty': write a port number."

    for port in ("0", "65536", "²"):
        monkeypatch.setenv("BANK_PORT", port)
        with pytest.raises(SystemExit) as end:
            env.port("BANK_PORT", 8001)
        assert end.value.code == f"BANK_PORT='{port}': write a port number."
