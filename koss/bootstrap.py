"""Make ``.venv`` as the lock files describe it: ``python3 koss/bootstrap.py run|test``.

``run`` installs what the portal needs, ``test`` adds what its developers need. Afterwards
``.venv/bin/python`` works, whatever was there before: nothing, half an environment left by a
killed run, one of another Python or of older lock files. Two calls at once wait for each other.
When there is nothing to do it says nothing and takes a tenth of a second.

Only the standard library, and no syntax newer than Python 3.6: an old Python gets a sentence
instead of a traceback.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys

try:
    import fcntl
except ImportError:  # not a Unix: go on without a lock
    fcntl = None

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "koss-stamp.json")
LOCK = os.path.join(ROOT, ".venv.lock")
REQUIREMENTS = {"run": "requirements.txt", "test": "requirements-dev.txt"}
# What a level installs besides itself: the developers' file contains the portal's.
CONTAINS = {"run": ["run"], "test": ["run", "test"]}


class SetupFailed(Exception):
    """The environment cannot be made; the message says what to do."""


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in REQUIREMENTS:
        sys.exit("usage: python3 koss/bootstrap.py run|test")
    level = arguments[0]
    if sys.version_info < OLDEST:
        sys.exit(
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, and {sys.executable} is "
            f"{sys.version.split()[0]}. Name another one: make PYTHON=..."
        )
    try:
        prepare(level)
    except SetupFailed as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        sys.exit("Interrupted. The next call begins anew.")


def prepare(level):
    """Bring ``.venv`` to ``level`` or raise SetupFailed; does nothing when it is there."""
    if is_ready(level):
        return
    with open(LOCK, "w") as lock:
        take(lock)
        if is_ready(level):  # another call has just made it
            return
        # A sound environment is added to; anything else goes.
        fresh = not is_ready("run")
        say(level, fresh)
        kept = {} if fresh else read_stamp().get("keys", {})
        # Without a stamp nothing counts as made: a kill from here on means a new beginning.
        remove(STAMP)
        if fresh:
            remove(VENV)
        if not (shutil.which("uv") and install_with_uv(level, fresh, lock)):
            install_with_pip(level, fresh, lock)
        kept.update({name: key(name) for name in CONTAINS[level]})
        write_stamp({"keys": kept, "contents": sorted(os.listdir(packages()))})
        if not is_ready(level):
            remove(STAMP)
            raise SetupFailed(".venv was made, but its Python does not import Django.")


def is_ready(level):
    """The stamp fits this interpreter and lock file, nothing has vanished, and Django imports."""
    stamp = read_stamp()
    if stamp.get("keys", {}).get(level) != key(level):
        return False
    try:
        if not set(stamp["contents"]) <= set(os.listdir(packages())):
            return False
        probe = [PYTHON, "-I", "-c", "import django"]
        return subprocess.call(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except (KeyError, OSError):
        return False


def key(level):
    """One text for the interpreter and everything that ``level`` is to hold."""
    digest = hashlib.sha256((interpreter() + sys.version).encode())
    with open(os.path.join(ROOT, REQUIREMENTS[level]), "rb") as lock_file:
        digest.update(lock_file.read())
    return digest.hexdigest()


def interpreter():
    """The Python behind this one, also when this one is an environment's own."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def packages():
    major, minor = sys.version_info[:2]
    return os.path.join(VENV, "lib", f"python{major}.{minor}", "site-packages")


def read_stamp():
    try:
        with open(STAMP) as stamp:
            content = json.load(stamp)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_stamp(content):
    with open(STAMP + ".new", "w") as stamp:
        json.dump(content, stamp)
    os.replace(STAMP + ".new", STAMP)


def remove(path):
    try:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.unlink(path)
    except OSError as error:
        raise SetupFailed(f"Cannot remove {path} ({error}). Remove it, then try again.") from error


def take(lock):
    """Wait until no other call works on ``.venv``.

    Children inherit the lock, so it also outlives a call that is killed while pip still writes.
    """
    if fcntl is None:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Waiting for another set-up of .venv to end.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks


def say(level, fresh):
    verb = "Making" if fresh else "Completing"
    python = sys.version.split()[0]
    print(f"{verb} .venv: Python {python}, {REQUIREMENTS[level]} (up to a minute)", flush=True)


def install_with_uv(level, fresh, lock):
    """True when uv did it. It may know other package sources than pip, so no is not the end."""
    python = ["--python", PYTHON]
    install = ["uv", "pip", "install", "--quiet", *python, *what(level)]
    make = ["uv", "venv", "--quiet", "--no-project", "--python", interpreter(), VENV]
    commands = [make, install] if fresh else [install]
    if all(run(command, lock).returncode == 0 for command in commands):
        return True
    if fresh:
        remove(VENV)
    return False


def install_with_pip(level, fresh, lock):
    if fresh:
        made = run([interpreter(), "-I", "-m", "venv", VENV], lock)
        if made.returncode:
            raise SetupFailed(
                f"{made.stdout.strip()}\nPython could not make a virtual environment. "
                "On Debian and Ubuntu: apt-get install python3-venv"
            )
    pip = [PYTHON, "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    if not fresh and run([*pip, "--version"], lock).returncode:
        run([PYTHON, "-I", "-m", "ensurepip"], lock)  # uv made it, and left pip out
    installed = run([*pip, "install", "--quiet", *what(level)], lock)
    if installed.returncode:
        raise SetupFailed(
            f"{installed.stdout.strip()}\nThe packages of {REQUIREMENTS[level]} could not be "
            "installed. When the network is there, try again."
        )


def what(level):
    """Exactly the locked packages, each checked by its hash, and nothing that needs a compiler."""
    return ["--require-hashes", "--only-binary", ":all:", "-r", REQUIREMENTS[level]]


def run(command, lock):
    """Run it from the top of the repository; its output is kept for when it fails."""
    # A user's habits that would send the packages elsewhere.
    elsewhere = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME"}
    environment = {name: value for name, value in os.environ.items() if name not in elsewhere}
    environment.update(PIP_USER="0", UV_PYTHON_DOWNLOADS="never")
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=[lock.fileno()],
    )


if __name__ == "__main__":
    main(sys.argv[1:])
