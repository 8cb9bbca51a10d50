"""In place of systemctl: starts what the units of a test's machine say, and remembers it."""

import os
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


def started(name):
    """The process of a service, in its own environment and directory."""
    service = unit(f"{name}.service")["Service"]
    show = ["sh", "-c", 'set -a; . "$1"; env -0', "sh", service["EnvironmentFile"]]
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
