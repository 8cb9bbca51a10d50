"""In place of systemctl: starts what the units of a test's machine say, and remembers it."""

import os
import re
import shlex
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

HOME = Path(os.environ["MACHINE"])


def unit(name):
    read = ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    assert read.read(HOME / "etc/systemd/system" / name), f"no unit {name}"
    return read


def environment_files(name):
    """Those of a unit, in order; one with a - in front of it may be absent."""
    text = (HOME / "etc/systemd/system" / name).read_text()
    for said in re.findall(r"^EnvironmentFile=(.*)$", text, re.MULTILINE):
        if not said.startswith("-") or Path(said[1:]).exists():
            yield said.removeprefix("-")


def started(name):
    """The process of a service, in its own environment and directory."""
    service = unit(f"{name}.service")["Service"]
    each = 'set -ea; for file do . "$file"; done; env -0'
    show = ["sh", "-c", each, "sh", *environment_files(f"{name}.service")]
    told = subprocess.run(show, env={"PATH": "/usr/bin:/bin"}, check=True, capture_output=True)
    environment = dict(line.split("=", 1) for line in told.stdout.decode().split("\0") if line)
    environment |= dict([service["Environment"].split("=", 1)]) if "Environment" in service else {}
    with (HOME / "run" / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            shlex.split(service["ExecStart"]),
            cwd=service["WorkingDirectory"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (HOME / "run" / f"{name}.pid").write_text(str(process.pid))
    return process


def main(verb, *names):
    if verb == "daemon-reload":
        return 0
    if verb == "enable":
        for name in names[1:]:
            if name.endswith(".timer"):
                assert "OnCalendar" in unit(name)["Timer"]
            else:
                started(name)
        return 0
    if (verb, *names) == ("reload", "nginx"):
        return subprocess.call([os.environ["REAL_NGINX"], "-c", os.environ["NGINX_MAIN"]])
    if verb == "start":
        return max(started(name).wait() for name in names)
    return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
