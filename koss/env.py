"""Typed readers of the environment, over django-environ.

Every setting an operator can change is read through one of these functions, so a wrong value
stops the start with a sentence that says how to mend it, and a test can list all names.
"""

import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()


def text(name, default):
    """The value as it stands, or ``default`` when unset or empty."""
    return _env.str(name, default=default) or default


def flag(name, default):
    """True or False; anything but the usual spellings of yes and no is refused."""
    raw = _env.str(name, default="").strip().lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r}: write 1 or 0.")


def number(name, default, *, least=0):
    """A whole number, at least ``least``."""
    raw = _env.str(name, default="").strip()
    if not raw:
        return default
    if not raw.isdecimal() or int(raw) < least:
        raise ImproperlyConfigured(f"{name}={raw!r}: write a whole number, {least} or more.")
    return int(raw)


def numbers(name, default):
    """Whole numbers separated by commas."""
    raw = _env.str(name, default="").strip()
    if not raw:
        return default
    parts = [part.strip() for part in raw.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise ImproperlyConfigured(f"{name}={raw!r}: write whole numbers separated by commas.")
    return [int(part) for part in parts]


def words(name, default):
    """Words separated by commas, without empty ones."""
    raw = _env.str(name, default="")
    return [part.strip() for part in raw.split(",") if part.strip()] or default


def database(name, default):
    """A database configuration of Django's from a URL."""
    try:
        return _env.db_url(name, default=default)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} cannot be read ({error}): write postgres://user:password@host:5432/name"
        ) from error


def mail(name, default):
    """Django's e-mail settings from a URL such as ``smtp+tls://user:password@host:587``."""
    return _env.email_url(name, default=default)


def secret(name, *, file: Path):
    """The value, or the content of ``file``, which is made with mode 0600 on first use.

    Processes that start together agree on one secret: the file appears whole, or not at all.
    """
    value = _env.str(name, default="")
    if value:
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
    value = file.read_text().strip()
    if not value:
        raise ImproperlyConfigured(f"{file} is empty: delete it, or set {name}.")
    return value
