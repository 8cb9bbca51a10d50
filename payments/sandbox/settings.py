"""Settings of the sandbox bank."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from payments.sandbox import env

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]

os.umask(0o077)
DATA_DIR = Path(env.text("KOSS_DATA_DIR", str(_ROOT / ".data")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

BIND = env.text("BIND", "127.0.0.1")
BANK_PORT = env.port("BANK_PORT", 8001)
# Where the portal takes notices and answers inquiries.
PORTAL = env.text("KOSS_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
SHARED_SECRET = env.secret("KOSS_BANK_SECRET", DATA_DIR / "bank_secret")
SECRET_KEY = env.secret("BANK_SECRET_KEY", DATA_DIR / "bank_secret_key")

DEBUG = False
# The portal may call by an address of this machine, whatever name browsers use.
_ORIGIN = urlsplit(env.text("KOSS_BANK_ORIGIN", ""))
_NAMED = [_ORIGIN.hostname] if _ORIGIN.hostname else []
ALLOWED_HOSTS = [*env.words("KOSS_HOSTS", []), *_NAMED, "localhost", "127.0.0.1", "[::1]"]
# Browsers reach it by TLS: then a proxy in front says so, or its forms would be another site's.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _ORIGIN.scheme == "https" else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _ORIGIN.scheme == "https"

INSTALLED_APPS = [
    "payments.sandbox",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
]
MIDDLEWARE = [
    "payments.sandbox.logs.keep",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "payments.sandbox.middleware.never_store",
]
ROOT_URLCONF = "payments.sandbox.urls"
WSGI_APPLICATION = "payments.sandbox.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.static",
                "payments.sandbox.templatetags.bank",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "payments.sandbox.schemes.frame",
            ],
        },
    },
]
FORM_RENDERER = "payments.sandbox.forms.Renderer"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "bank.sqlite3",
        # IMMEDIATE lets one settlement in at a time; FULL writes it down before it is answered.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
        "CONN_MAX_AGE": None,
    }
}

# Cookies do not tell ports apart, and the portal often is the same host.
SESSION_COOKIE_NAME = "bank_session"
CSRF_COOKIE_NAME = "bank_csrf"
CSRF_FAILURE_VIEW = "payments.sandbox.problems.csrf_failure"
SESSION_COOKIE_AGE = 24 * 60 * 60
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

# The style sheets of the house are used as files; bank.css gives them another face.
STATIC_URL = "static/"
STATICFILES_DIRS = [_ROOT / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "logging.Formatter",
            "fmt": "%(asctime)s %(levelname)s bank %(name)s %(message)s %(facts)s",
            "defaults": {"facts": ""},
        },
        "json": {"()": "payments.sandbox.logs.Json"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain" if env.text("KOSS_LOG_FORMAT", "").lower() == "plain" else "json",
        }
    },
    "root": {"handlers": ["console"], "level": env.text("KOSS_LOG_LEVEL", "INFO")},
    "loggers": {"django": {"handlers": [], "level": "NOTSET", "propagate": True}},
}

# Published on the bank's own pages: nothing here is worth protecting.
CUSTOMERS_PASSWORD = "ginko-2024"
