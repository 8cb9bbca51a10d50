"""The bank's reader of the environment. A value that cannot be read stops the start."""

import os
import secrets

from environ.fileaware_mapping import FileAwareMapping

_ENVIRONMENT = FileAwareMapping(cache=False)


def text(name, default):
    """The value, or that of the file named by NAME_FILE; ``default`` when unset or empty."""
    try:
        return _ENVIRONMENT.get(name, "").strip() or default
    except (OSError, ValueError) as error:
        raise SystemExit(f"{name}_FILE names a file that cannot be read.") from error


def port(name, default):
    """A port number."""
    raw = text(name, str(default))
    if not (raw.isascii() and raw.isdecimal()) or not 0 < int(raw) < 65_536:
        raise SystemExit(f"{name}={raw!r}: write a port number.")
    return int(raw)


def words(name, default):
    """Words separated by commas."""
    return [part.strip() for part in text(name, "").split(",") if part.strip()] or default


def secret(name, file):
    """The value, or the content of ``file``, which the first process makes with mode 0600."""
    if value := text(name, ""):
        return value
    if not file.exists():
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text().strip()
