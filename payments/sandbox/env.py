"""The bank's reader of the environment. A value that cannot be read stops the start."""

import os
import secrets


def text(name, default):
    """The value, or ``default`` when unset or empty."""
    return os.environ.get(name, "").strip() or default


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
    """The value, or the content of ``file``, which whoever comes first makes with mode 0600."""
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
