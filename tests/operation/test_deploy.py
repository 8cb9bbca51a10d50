"""The files of docs/deploy are read by the programs they are for: nginx, systemd, a shell."""

import re
import shlex
import shutil
import subprocess

import pytest
import yaml

from tests.house.test_settings_documented import documentation, names_documented
from tests.operation.deploy import DEPLOY, moved, nginx_fit, nginx_main, program
from tests.processes import ROOT, free_port

UNITS = sorted(path.name for path in DEPLOY.glob("koss-*.*"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
# Units of systemd itself that ours name; `verify` wants them in the directory it looks into.
OF_SYSTEMD = ("sysinit", "basic", "shutdown", "timers", "network-online", "multi-user")
# 0 is shut off from everything, 100 (systemd says 10.0) is open.
EXPOSURE = "20"


def read(name):
    return (DEPLOY / name).read_text()


@pytest.fixture
def root(tmp_path):
    """A root of a file system with our units and the programs they start."""
    units = tmp_path / "etc" / "systemd" / "system"
    (units / "koss-.service.d").mkdir(parents=True)
    for name in UNITS:
        shutil.copy(DEPLOY / name, units)
    shutil.copy(DEPLOY / "hardening.conf", units / "koss-.service.d")
    for name in OF_SYSTEMD:
        (units / f"{name}.target").write_text(f"[Unit]\nDescription={name}\n")
    python = tmp_path / "srv/koss/.venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("")
    python.chmod(0o755)
    return tmp_path


def analyzed(root, *arguments):
    """What systemd-analyze says of ``root``: (exit status, text)."""
    done = subprocess.run(
        [program("systemd-analyze"), f"--root={root}", "--no-pager", *arguments],
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_systemd_reads_every_unit(root):
    assert len(SERVICES) >= 5
    assert analyzed(root, "verify", *UNITS) == (0, "")


def test_systemd_finds_a_planted_mistake(root):
    unit = root / "etc/systemd/system/koss-night.timer"
    unit.write_text(unit.read_text().replace("05:00:00", "25:00:00"))
    assert "bad unit file" in analyzed(root, "verify", "koss-night.timer")[1]


def test_no_service_is_more_open_than_it_must_be(root):
    def exposed():
        return [
            name
            for name in SERVICES
            if analyzed(root, "security", "--offline=true", f"--threshold={EXPOSURE}", name)[0]
        ]

    assert exposed() == []
    (root / "etc/systemd/system/koss-.service.d/hardening.conf").write_text("[Service]\n")
    assert exposed() == SERVICES


@pytest.fixture
def nginx(tmp_path):
    """Whether nginx takes a text as the portal's configuration: (exit status, what it says)."""
    tls = tmp_path / "tls"
    tls.mkdir()
    subprocess.run(
        [
            *(program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=oss.example", "-keyout", tls / "privkey.pem"),
            *("-out", tls / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    port = free_port()
    places = {
        "/etc/koss/tls": tls,
        "/var/log/nginx": tmp_path,
        "/var/lib/nginx": tmp_path,
        "listen 80 ": f"listen {port} ",
        "listen 443 ": f"listen {port + 1} ",
        "listen [::]:80 ": f"listen [::]:{port} ",
        "listen [::]:443 ": f"listen [::]:{port + 1} ",
    }
    site, main = tmp_path / "koss.conf", tmp_path / "nginx.conf"
    main.write_text(nginx_main(tmp_path, site))

    def taken(text):
        site.write_text(nginx_fit(moved(text, places)))
        done = subprocess.run(
            [program("nginx"), "-t", "-c", main], capture_output=True, text=True, cwd=tmp_path
        )
        return done.returncode, done.stderr

    return taken


def test_nginx_takes_its_configuration(nginx):
    status, said = nginx(read("nginx.conf"))
    assert status == 0, said
    assert "[warn]" not in said


def test_nginx_refuses_a_planted_mistake(nginx):
    assert nginx(read("nginx.conf").replace("proxy_read_timeout 60s", "proxy_read_timeout soon"))[0]


def example(text):
    """What a shell makes of the example of the environment, as {name: value}."""
    show = 'set -eu; set -a; . "$1"; env -0'
    done = subprocess.run(
        ["sh", "-c", show, "sh", "/dev/stdin"],
        input=text.encode(),
        env={},
        capture_output=True,
        check=True,
    )
    pairs = (line.partition("=") for line in done.stdout.decode().split("\0") if line)
    return {name: value for name, _, value in pairs if name not in {"PWD", "SHLVL", "_", "OLDPWD"}}


def unlike(text):
    """Lines that a shell, systemd and compose would not all read alike."""
    return [
        line
        for line in text.splitlines()
        if line and not line.startswith("#") and not re.fullmatch(r"[A-Z0-9_]+='[^'\\$]*'", line)
    ]


def test_the_example_of_the_environment_names_settings_that_there_are():
    known = names_documented(documentation())
    values = example(read("koss.env.example"))
    assert {name for name in values if name.removesuffix("_FILE") not in known} == set()
    assert {"DATABASE_URL", "KOSS_BANK", "KOSS_BANK_ORIGIN", "KOSS_HOSTS"} <= set(values)
    assert unlike(read("koss.env.example")) == []


def test_a_planted_value_that_is_read_differently_is_found():
    assert unlike("A='fine'\nB=two words\nC=\"$HOME\"\n") == ["B=two words", 'C="$HOME"']


def test_a_container_starts_what_a_unit_starts():
    command = re.search(r"^CMD (\[.*\])$", read("Containerfile"), re.MULTILINE)[1]
    unit = re.search(r"^ExecStart=/srv/koss/(.*)$", read("koss-web.service"), re.MULTILINE)[1]
    assert yaml.safe_load(command) == shlex.split(unit)


def copied_from_the_repository(containerfile):
    return [
        name
        for line in re.findall(r"^COPY (?!--from)(.*)$", containerfile, re.MULTILINE)
        for name in line.split()[:-1]
    ]


def test_what_the_image_copies_is_there():
    copied = copied_from_the_repository(read("Containerfile"))
    assert {"koss", "applications", "payments", "qrcodes", "manage.py"} <= set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []


def incoherent(compose):
    """What a compose file names and does not say: services, secrets, volumes, units' commands."""
    services = compose["services"]
    for name, service in services.items():
        mode = service.get("network_mode", "")
        for other in [*service.get("depends_on", ()), *mode.partition("service:")[2:]]:
            if other and other not in services:
                yield f"{name}: service {other}"
        for secret in service.get("secrets", ()):
            if secret not in compose["secrets"]:
                yield f"{name}: secret {secret}"
        for mount in service.get("volumes", ()):
            source = mount.partition(":")[0]
            if not source.startswith(("./", "/")) and source not in compose["volumes"]:
                yield f"{name}: volume {source}"
        if not service.get("image"):
            yield f"{name}: no image"


def test_the_compose_file_holds_together():
    compose = yaml.safe_load(read("compose.yaml"))
    assert list(incoherent(compose)) == []
    assert {"db", "web", "worker", "reconcile", "night", "proxy"} <= set(compose["services"])
    of_the_image = [each for each in compose["services"].values() if each["image"] == "koss"]
    assert all(each["cap_drop"] == ["ALL"] and each["read_only"] for each in of_the_image)
    # The same programs as under systemd.
    for name in ("worker", "reconcile"):
        unit = re.search(r"^ExecStart=/srv/koss/(.*)$", read(f"koss-{name}.service"), re.MULTILINE)
        assert compose["services"][name]["command"] == shlex.split(unit[1])


def test_a_planted_name_that_leads_nowhere_is_found():
    compose = yaml.safe_load(read("compose.yaml"))
    compose["services"]["proxy"]["network_mode"] = "service:wbe"
    compose["services"]["web"]["secrets"] = ["key"]
    assert list(incoherent(compose)) == ["web: secret key", "proxy: service wbe"]
