"""Reading the environment: values as they stand, and a sentence for each that cannot be."""

import os
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from koss.ground import env
from koss.management.commands import serve
from payments.sandbox import env as bank_env
from tests.processes import ROOT

NAME = "KOSS_SOMETHING"


@pytest.fixture
def said(monkeypatch):
    """``said(value)`` puts it into the environment under NAME."""
    return lambda value: monkeypatch.setenv(NAME, value)


@pytest.mark.parametrize("value", ["$HOME", "${x}", "$", "a#b", "%41", "パス", "a'b\"", "\\n"])
def test_text_is_taken_as_it_stands(said, tmp_path, value):
    said(value)
    assert env.text(NAME, "") == value
    assert env.secret(NAME, file=tmp_path / "none") == value


def test_a_password_holds_any_sign(said):
    for password in ("a/b", "a@b", "a:b", "a#b?c", "$x", "%2F"):
        said(f"smtp+tls://me:{password}@mail.example:587")
        mail = env.mail(NAME, "")
        assert mail["EMAIL_HOST_PASSWORD"] == password.replace("%2F", "/")
        assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"]) == ("mail.example", 587)
        assert mail["EMAIL_USE_TLS"]
        said(f"postgres://me:{password}@[::1]:5432/koss?sslmode=require")
        database = env.database(NAME, file=None)
        assert database["PASSWORD"] == password.replace("%2F", "/")
        assert (database["HOST"], database["PORT"], database["NAME"]) == ("::1", "5432", "koss")
        assert database["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_is_the_host_as_for_other_programs_of_postgresql(said):
    said("postgres://me@%2Frun%2Fpostgresql/koss")
    database = env.database(NAME, file=None)
    assert (database["HOST"], database["NAME"]) == ("/run/postgresql", "koss")


def test_a_path_goes_through_no_url(said, tmp_path, monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    file = tmp_path / "koss#1?%41" / "koss.sqlite3"
    assert env.database(NAME, file=file)["NAME"] == str(file)
    said(f"sqlite:///{file}")
    assert env.database(NAME, file=None)["NAME"] == str(file)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: env.flag(NAME, False), "maybe"),
        (lambda: env.number(NAME, 1), "-1"),
        (lambda: env.number(NAME, 1), "9" * 30),
        (lambda: env.number(NAME, 1), "５"),
        (lambda: env.numbers(NAME, []), "1,9999999999"),
        (lambda: env.choice(NAME, "A", ("A", "B")), "loud"),
        (lambda: env.origin(NAME, ""), "oss.example"),
        (lambda: env.origin(NAME, ""), "https://oss.example/path"),
        (lambda: env.origin(NAME, ""), "http://[::1"),
        (lambda: env.origins(NAME), "https://a.example,b.example"),
        (lambda: env.module(NAME, ""), "no.such.bank"),
        (lambda: env.module(NAME, ""), "..x"),
        (lambda: env.directory(NAME, ""), "/dev/null/below"),
        (lambda: env.mail_address(NAME, ""), "nobody"),
        (lambda: env.mail_address(NAME, ""), "a@b\ncc: c@d"),
        (lambda: env.mail(NAME, ""), "mail.example"),
        (lambda: env.mail(NAME, ""), "smtp+tls://me:x@mail.example:mail"),
        (lambda: env.mail(NAME, ""), "smtp://"),
        (lambda: env.database(NAME, file=None), "postgres://me:x@host:99999/koss"),
        (lambda: env.database(NAME, file=None), "postgres://me:x@host"),
        (lambda: env.database(NAME, file=None), "postgres://me@//run/postgresql/koss"),
        (lambda: env.database(NAME, file=None), "mysql://host/koss"),
        (lambda: env.database(NAME, file=None), "sqlite://"),
    ],
)
def test_a_bad_value_is_a_sentence_with_its_name(said, read, value):
    said(value)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        read()


@pytest.fixture
def in_a_file(monkeypatch, tmp_path):
    """``in_a_file(content)``: a file with these bytes is named for NAME."""

    def put(content):
        tmp_path.joinpath("value").write_bytes(content)
        monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "value"))

    return put


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_value_can_stand_in_a_file(in_a_file, said, tmp_path, end):
    said("from the environment")
    in_a_file(" $a#パス ".encode() + end)
    assert env.text(NAME, "") == " $a#パス "
    assert env.secret(NAME, file=tmp_path / "none") == " $a#パス "
    in_a_file(b"12" + end)
    assert env.number(NAME, 1) == 12
    in_a_file(b"postgres://me:a/b@host/koss" + end)
    assert env.database(NAME, file=None)["PASSWORD"] == "a/b"
    in_a_file(b"" + end)
    assert env.text(NAME, "default") == "default"


def test_only_one_line_end_is_taken_off(in_a_file):
    in_a_file(b"two\nlines\n\n")
    assert env.text(NAME, "") == "two\nlines\n"


def test_a_line_end_in_the_environment_stays(said):
    said("x\n")
    assert env.text(NAME, "") == "x\n"


@pytest.mark.parametrize("file", ["/no/such/file", "/", "/dev/null/x"])
def test_a_file_that_cannot_be_read_is_a_sentence(monkeypatch, file):
    monkeypatch.setenv(f"{NAME}_FILE", file)
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME}_FILE names a file"):
        env.text(NAME, "")


def test_a_file_that_is_no_text_is_a_sentence(in_a_file):
    in_a_file(b"\xff\xfe")
    with pytest.raises(ImproperlyConfigured, match="no text in UTF-8"):
        env.flag(NAME, False)


def test_the_start_reads_a_key_from_a_file_or_names_the_setting(tmp_path):
    key = tmp_path / "key"
    key.write_text("from-a-file\n")
    show = "import koss.settings as s; print(s.SECRET_KEY)"
    seen = run(tmp_path, "-c", show, KOSS_SECRET_KEY_FILE=str(key))
    assert seen.stdout.strip() == "from-a-file"

    done = run(tmp_path, "manage.py", "check", KOSS_SECRET_KEY_FILE=str(tmp_path / "gone"))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "KOSS_SECRET_KEY_FILE names a file that cannot be read: No such file or directory."
    ]


def test_what_is_started_gets_what_was_chosen_and_not_a_file_beside_it(monkeypatch, tmp_path):
    hosts = tmp_path / "hosts"
    hosts.write_text("oss.example\n")
    monkeypatch.setenv("KOSS_HOSTS_FILE", str(hosts))
    monkeypatch.setenv("KOSS_ORIGIN_FILE", str(hosts))

    environment = serve.environment_for("127.0.0.1", 8000, demo=True)

    assert environment["KOSS_HOSTS"] == "oss.example,127.0.0.1"
    assert "KOSS_HOSTS_FILE" not in environment
    assert environment["KOSS_ORIGIN_FILE"] == str(hosts)


@pytest.mark.parametrize("name", ["BANK_PORT", "BANK_SECRET_KEY"])
def test_the_practice_bank_reads_files_too(monkeypatch, tmp_path, name):
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "value"))
    with pytest.raises(SystemExit, match=f"{name}_FILE"):
        bank_env.text(name, "")
    tmp_path.joinpath("value").write_text("8123\n")
    assert bank_env.text(name, "") == "8123"


def run(data, *arguments, **more):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "KOSS_DATA_DIR": str(data), **more},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_start_says_one_sentence(tmp_path):
    done = run(tmp_path, "manage.py", "check", KOSS_BANK_ORIGIN="$bank")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "KOSS_BANK_ORIGIN='$bank': write https://name, without a path."
    ]


@pytest.mark.sqlite
def test_what_is_written_is_for_nobody_else(tmp_path):
    """Also in a directory whose name means something in an address."""
    data = tmp_path / "koss#1"

    # One app's tables are as much a file as all.
    assert run(data, "manage.py", "migrate", "contenttypes", "--verbosity", "0").returncode == 0

    assert data.joinpath("koss.sqlite3").exists()
    assert [path for path in tmp_path.iterdir() if path != data] == []
    for path in [data, *data.rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_a_server_on_postgresql_needs_a_key(tmp_path):
    start = ("-c", "import koss.wsgi")
    database = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}

    refused = run(tmp_path, *start, **database)
    assert refused.returncode == 1
    assert "KOSS_SECRET_KEY is not set" in refused.stderr
    assert run(tmp_path, *start, **database, KOSS_SECRET_KEY="x").returncode == 0
    assert run(tmp_path, *start, **database, KOSS_DEMO="1").returncode == 0


def test_a_key_can_be_changed_without_ending_sessions(tmp_path):
    sign = "from django.core.signing import Signer; import koss.wsgi; print(Signer().sign('x'))"
    signed = run(tmp_path, "-c", sign_with(sign), KOSS_SECRET_KEY="old").stdout.strip()
    check = f"from django.core.signing import Signer; print(Signer().unsign({signed!r}))"

    changed = {"KOSS_SECRET_KEY": "new", "KOSS_SECRET_KEY_FALLBACKS": "older,old"}
    assert run(tmp_path, "-c", sign_with(check), **changed).stdout.strip() == "x"


def sign_with(code):
    return f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'koss.settings'; {code}"


@pytest.mark.sqlite
def test_reading_the_settings_makes_their_directory_and_secrets_and_nothing_else(tmp_path):
    """Nothing is opened, sent or asked: that is left to the programs that need it."""
    data = tmp_path / "data"
    seen = run(data, "-X", "importtime", "-c", "import os, koss.settings; print(os.umask(0))")

    assert seen.returncode == 0, seen.stderr
    assert seen.stdout.strip() == str(0o077)
    assert {path.name for path in data.iterdir()} == {"secret_key", "bank_secret", "static"}
    assert list(data.joinpath("static").iterdir()) == []
    assert "psycopg" not in seen.stderr
    assert "koss.models" not in seen.stderr
