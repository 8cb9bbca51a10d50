"""Typed readers of the environment.

Every setting an operator can change is read through one of these functions, so a wrong value
stops the start with a sentence that names the setting, and a test can list all names. Values are
taken as they stand: no sign in them means anything but itself. NAME_FILE may name a file that holds
the value of NAME.
"""

import os
import secrets
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

# The library's other readers give ``$`` and ``#`` in a value a meaning, so values are read here.
_ENVIRONMENT = FileAwareMapping(cache=False)
_MOST = 1_000_000
_LAST_PORT = 65_535
_DATABASES = {"postgres", "postgresql", "pgsql"}
_MAIL = {
    "consolemail": ("console", {}),
    "dummymail": ("dummy", {}),
    "smtp": ("smtp", {}),
    "smtp+tls": ("smtp", {"EMAIL_USE_TLS": True}),
    "smtp+ssl": ("smtp", {"EMAIL_USE_SSL": True}),
}
_DATABASE_FORM = (
    "write postgres://user:password@host:5432/name (a socket's directory as host, %2F for its /) "
    "or sqlite:////path"
)
_MAIL_FORM = "write smtp+tls://user:password@host:587"


def text(name, default):
    """The value as it stands, or ``default`` when unset or empty."""
    return _raw(name) or default


def flag(name, default):
    """True or False; anything but the usual spellings of yes and no is refused."""
    raw = _stripped(name).lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r}: write 1 or 0.")


def number(name, default, *, least=0, most=_MOST):
    """A whole number, from ``least`` to ``most``."""
    raw = _stripped(name)
    if not raw:
        return default
    if not _is_number(raw, least, most):
        raise ImproperlyConfigured(
            f"{name}={raw!r}: write a whole number, {least} or more, {most} or less."
        )
    return int(raw)


def numbers(name, default):
    """Whole numbers separated by commas."""
    raw = _stripped(name)
    if not raw:
        return default
    parts = [part.strip() for part in raw.split(",")]
    if not all(_is_number(part, 0, _MOST) for part in parts):
        raise ImproperlyConfigured(f"{name}={raw!r}: write whole numbers separated by commas.")
    return [int(part) for part in parts]


def words(name, default):
    """Words separated by commas, without empty ones."""
    return [part.strip() for part in _stripped(name).split(",") if part.strip()] or default


def pairs(name, default):
    """Words of the form ``left=right`` separated by commas; right is "" where none is given."""
    found = [word.partition("=") for word in words(name, [])]
    return [(left.strip(), right.strip()) for left, _, right in found] or default


def choice(name, default, choices):
    """One of ``choices``, in capitals."""
    raw = _stripped(name).upper() or default
    if raw not in choices:
        raise ImproperlyConfigured(f"{name}={raw!r}: write one of {', '.join(choices)}.")
    return raw


def origin(name, default):
    """``https://name`` or ``http://name:port``, without a path."""
    return _origin(name, _stripped(name) or default)


def origins(name):
    """Origins separated by commas; none by default."""
    return [_origin(name, raw) for raw in words(name, [])]


def module(name, default):
    """The name of a Python module that is there."""
    raw = _stripped(name) or default
    try:
        found = find_spec(raw)
    except (ImportError, ValueError):
        found = None
    if found is None:
        raise ImproperlyConfigured(f"{name}={raw!r}: there is no such Python module.")
    return raw


def directory(name, default):
    """A directory to write to, closed to others; it is made when it is not there."""
    path = Path(text(name, str(default))).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
        if path.stat().st_uid == os.geteuid():
            path.chmod(0o700)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}={path}: {error.strerror}.") from error
    return path


def mail_address(name, default):
    """The sender of mails: an address, or a name with the address in angle brackets."""
    raw = _stripped(name) or default
    local, at, domain = raw.rpartition("<")[2].rstrip("> ").rpartition("@")
    if not (local and at and domain) or not raw.isprintable():
        raise ImproperlyConfigured(f"{name}={raw!r}: write a mail address.")
    return raw


def database(name, *, file: Path):
    """A database configuration of Django's: ``file``, or what the URL names."""
    raw = _stripped(name)
    if not raw:
        return _sqlite(str(file))
    scheme, _, rest = raw.partition("://")
    if scheme == "sqlite" and rest.strip("/"):
        return _sqlite(rest.removeprefix("/"))
    return _postgresql(name, scheme, rest)


def direct_database(name):
    """A database configuration of Django's for the PostgreSQL that the URL names, or None."""
    raw = _stripped(name)
    if not raw:
        return None
    scheme, _, rest = raw.partition("://")
    return _postgresql(name, scheme, rest)


def _postgresql(name, scheme, rest):
    place = _place(name, rest, _DATABASE_FORM)
    if scheme not in _DATABASES or not place["path"] or "/" in place["path"]:
        raise ImproperlyConfigured(f"{name} cannot be read: {_DATABASE_FORM}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(place["path"]),
        "USER": place["user"],
        "PASSWORD": place["password"],
        "HOST": place["host"],
        "PORT": place["port"],
        "OPTIONS": dict(parse_qsl(place["query"])),
    }


def mail(name, default):
    """Django's e-mail settings from a URL such as ``smtp+tls://user:password@host:587``."""
    scheme, separator, rest = (_stripped(name) or default).partition("://")
    if scheme not in _MAIL or not separator:
        raise ImproperlyConfigured(f"{name} cannot be read: {_MAIL_FORM}.")
    backend, more = _MAIL[scheme]
    place = _place(name, rest, _MAIL_FORM)
    if backend == "smtp" and not place["host"]:
        raise ImproperlyConfigured(f"{name} names no host: {_MAIL_FORM}.")
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{backend}.EmailBackend",
        "EMAIL_HOST": place["host"] or "localhost",
        "EMAIL_PORT": int(place["port"] or 25),
        "EMAIL_HOST_USER": place["user"],
        "EMAIL_HOST_PASSWORD": place["password"],
        **more,
    }


def storage(name, default: Path):
    """An entry of STORAGES: a directory, or ``s3://bucket`` with the usual AWS_… variables."""
    raw = text(name, str(default))
    if not raw.startswith("s3://"):
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": raw,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    if find_spec("storages") is None:
        raise ImproperlyConfigured(f"{name}={raw}: install django-storages[s3] for that.")
    bucket, _slash, folder = raw.removeprefix("s3://").partition("/")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "location": folder,
            "default_acl": "private",
            "endpoint_url": text("AWS_ENDPOINT_URL", "") or None,
        },
    }


def secret(name, *, file: Path):
    """The value, or the content of ``file``, which is made with mode 0600 on first use.

    Processes that start together agree on one secret: the file appears whole, or not at all.
    """
    value = _raw(name)
    if value:
        return value
    try:
        if not file.exists():
            _make_secret(file)
        value = file.read_text().strip()
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{file} cannot be read or made: set {name}.") from error
    if not value:
        raise ImproperlyConfigured(f"{file} is empty: delete it, or set {name}.")
    return value


def _make_secret(file):
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(64))
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _raw(name):
    """The value of NAME, or the text of the file that NAME_FILE names, without a last line end."""
    try:
        value = _ENVIRONMENT.get(name, "")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise ImproperlyConfigured(
            f"{name}_FILE names a file that cannot be read: {why}."
        ) from error
    if os.environ.get(f"{name}_FILE"):
        return value.removesuffix("\n").removesuffix("\r")
    return value


def _stripped(name):
    return _raw(name).strip()


def _is_number(raw, least, most):
    """Whether these are ASCII digits of a number from ``least`` to ``most``."""
    plain = raw.isascii() and raw.isdecimal() and len(raw) <= len(str(most))
    return plain and least <= int(raw) <= most


def _origin(name, raw):
    try:
        parts = urlsplit(raw)
        fits = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(f"{name}={raw!r}: write https://name, without a path.")
    return f"{parts.scheme}://{parts.netloc}"


def _place(name, rest, form):
    """The parts of ``user:password@host:port/path?query``.

    The last @ ends the password, so that it may hold any sign; ``%2F`` and the like are decoded.
    """
    credentials, _, place = rest.rpartition("@")
    user, _, password = credentials.partition(":")
    address, _, path = place.partition("/")
    path, _, query = path.partition("?")
    host, colon, port = address.rpartition(":")
    if not colon or address.endswith("]"):
        host, port = address, ""
    if port and not _is_number(port, 1, _LAST_PORT):
        raise ImproperlyConfigured(f"{name} names no port that can be: {form}.")
    return {
        "user": unquote(user),
        "password": unquote(password),
        "host": unquote(host).strip("[]"),
        "port": port,
        "path": path,
        "query": query,
    }


def _sqlite(path):
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path}


def hand_on(name, value):
    """Set a variable for a library that reads the environment by itself."""
    os.environ[name] = value
