"""Settings of the portal, in the order of Django's own reference.

Whatever differs between installations is read from the environment through ``koss.ground.env``;
each name has a row in docs/operations.md, and a test keeps the two equal. What a manual fixes
(17 digits, 60 days) is no setting: it stands beside its rule.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from koss.ground import env

BASE_DIR = Path(__file__).resolve().parent.parent

# Database, secret key, demo mail and collected files: everything the program itself writes, and
# nobody else on the machine may read.
os.umask(0o077)
DATA_DIR = env.directory("KOSS_DATA_DIR", BASE_DIR / ".data")

# The demo world: accounts with published passwords, and a clock that can be moved forward.
DEMO = env.flag("KOSS_DEMO", False)
# A demo that begins without applications.
KOSS_DEMO_EMPTY = env.flag("KOSS_DEMO_EMPTY", False)
DEBUG = env.flag("KOSS_DEBUG", False)
SECRET_KEY = env.secret("KOSS_SECRET_KEY", file=DATA_DIR / "secret_key")
# Keys of before, which still open sessions and signed cookies.
SECRET_KEY_FALLBACKS = env.words("KOSS_SECRET_KEY_FALLBACKS", [])

ALLOWED_HOSTS = env.words("KOSS_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.origins("KOSS_TRUSTED_ORIGINS")
# The address that mails name; a request's Host header is never used for it.
KOSS_ORIGIN = env.origin("KOSS_ORIGIN", "http://127.0.0.1:8000")

# The module that speaks to the bank (docs/bank.md), and where a bank reached over HTTP answers.
# Payers are sent there too: it is the only foreign address that a form may be posted to.
KOSS_BANK = env.module("KOSS_BANK", "payments.banks.sandbox")
KOSS_BANK_ORIGIN = env.origin("KOSS_BANK_ORIGIN", "http://127.0.0.1:8001")
KOSS_BANK_SECRET = env.secret("KOSS_BANK_SECRET", file=DATA_DIR / "bank_secret")

# Authorities that count outside the demo: a directory of PEM files. The demo believes its own.
KOSS_TRUST_ANCHORS = env.text("KOSS_TRUST_ANCHORS", "")
# What a certificate's policy stands for: (kind, policy), for it and whatever lies below it.
KOSS_CERTIFICATE_POLICIES = env.pairs(
    "KOSS_CERTIFICATE_POLICIES",
    [("personal", "1.2.392.200149.8.5.1.1.20"), ("corporate", "1.2.392.100300.1.3")],
)
# Hosts that may be asked about revocation, as certificates name them; with the place that stands
# for one. The practice authority answers beside the sandbox bank.
KOSS_REVOCATION_HOSTS = {
    host.lower(): place.rstrip("/")
    for host, place in env.pairs(
        "KOSS_REVOCATION_HOSTS",
        [("ca.renshu.example", f"{KOSS_BANK_ORIGIN}/authority")] if DEMO else [],
    )
}

# How many reverse proxies in front append to X-Forwarded-For. 0: the header is not believed.
KOSS_PROXIES = env.number("KOSS_PROXIES", 0, most=10)

INSTALLED_APPS = [
    "koss",
    "applications",
    "payments",
    "qrcodes",
    "koss.apps.KossAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "koss.apps.StaticFiles",
    "django.forms",
    "axes",
    "csp",
    "ninja",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "koss.operation.access_log.keep",
    "csp.middleware.CSPMiddleware",
    "koss.ground.middleware.PoliciesEverywhere",
    "koss.portal.languages.speak",
    "django.middleware.security.SecurityMiddleware",
    "koss.portal.problems.give_a_page",
    "koss.ground.middleware.OnlyText",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Inside of WhiteNoise, whose files are compressed already (docs/adr/0021).
    "django.middleware.gzip.GZipMiddleware",
    *(["koss.demo.middleware.hold_clock", "koss.api.exchanges.keep"] if DEMO else []),
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "koss.ground.middleware.answer_head_as_get",
    "koss.ground.middleware.never_store_private_pages",
    "koss.access.handles.carry",
    "koss.access.leftovers.carry",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "koss.urls"
WSGI_APPLICATION = "koss.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "koss.templatetags.koss",
                "koss.portal.tags",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "koss.portal.context.words",
                "koss.portal.context.frame",
                "koss.portal.context.planned_stop",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.database("DATABASE_URL", file=DATA_DIR / "koss.sqlite3")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the one write lock when a transaction begins: without it two writers that
    # have both read already meet "database is locked", and no row lock would stand in for it.
    _database.setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    )
    # Tests use a file too: threads and processes must see the same database.
    _database["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    # A server that is gone is noticed, and not waited for as long as the kernel would.
    _database["OPTIONS"] = {
        "connect_timeout": "5",
        "keepalives_idle": "10",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "15000",
        **_database["OPTIONS"],
    }
    _database["CONN_HEALTH_CHECKS"] = True
# The same database without the pool, where DATABASE_URL leads through PgBouncer in transaction mode
# (docs/scale.md). None: there is no pool.
KOSS_DIRECT_DATABASE = env.direct_database("KOSS_DIRECT_DATABASE_URL")
if KOSS_DIRECT_DATABASE:
    # The next statement may meet another session of the server: a cursor or a prepared statement of
    # the one before is not there.
    _database["DISABLE_SERVER_SIDE_CURSORS"] = True
    _database["OPTIONS"] = {**_database.get("OPTIONS", {}), "prepare_threshold": None}
# Where pg_dump, pg_restore and psql are, for backups; empty: looked for.
KOSS_POSTGRESQL_PROGRAMS = env.text("KOSS_POSTGRESQL_PROGRAMS", "")
# To open a database anew for each request costs more than most of what a request asks of it.
_database["CONN_MAX_AGE"] = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

EMAIL_CONFIG = env.mail("EMAIL_URL", "consolemail://")
if DEMO:
    # Demo mail never leaves the machine.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
else:
    vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.number("KOSS_MAIL_TIMEOUT", 20, least=1)
DEFAULT_FROM_EMAIL = env.mail_address("KOSS_MAIL_FROM", "no-reply@koss.example")

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "koss.access.password_rule.TypeableValidator"},
]
PASSWORD_HASHERS = [
    "koss.access.hashers.LeanArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Only staff have sessions; the end moves on with every request.
SESSION_ENGINE = "koss.access.staff_sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Plain HTTP is for one's own machine; behind TLS set KOSS_HTTPS=1.
HTTPS = env.flag("KOSS_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Asks browsers' makers to list the name, for years: a choice of its own, so no warning either.
SECURE_HSTS_PRELOAD = HTTPS and env.flag("KOSS_HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# Browsers keep such cookies apart from those of other names and of plain HTTP.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "koss.ground.cookies.MessageStorage"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and KOSS_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "koss.portal.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, KOSS_BANK_ORIGIN],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

LANGUAGE_CODE = "ja"
# Japanese, with other words for the sentences of screens that decide something (docs/adr/0046).
PLAIN_JAPANESE = "ja-x-easy"
LANGUAGES = [("ja", "日本語"), (PLAIN_JAPANESE, "やさしい日本語"), ("en", "English")]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LOCALE_PATHS = [BASE_DIR / "koss" / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "uploads": env.storage("KOSS_UPLOADS", DATA_DIR / "uploads"),
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if env.flag("KOSS_COLLECTED_STATIC", False)
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "applications.uploads.receiving.NoMoreThanTaken",
]
# Pictures and fonts are compressed already. Maps of scripts are for those who look into them: to
# compress them takes half of a first start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "jpg", "webp", "ico", "woff2", "map"]
WHITENOISE_USE_FINDERS = not env.flag("KOSS_COLLECTED_STATIC", False)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

AXES_HANDLER = "koss.staff.tries.CountsFirst"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_CLIENT_IP_CALLABLE = "koss.access.visitors.source_of"
AXES_LOCKOUT_CALLABLE = "koss.portal.problems.locked_out"

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": {"JSON": "koss.ground.logs.Json", "PLAIN": "koss.ground.logs.Plain"}[
                env.choice("KOSS_LOG_FORMAT", "JSON", ("JSON", "PLAIN"))
            ]
        }
    },
    "filters": {"only_what_broke": {"()": "koss.ground.logs.OnlyWhatBroke"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["only_what_broke"],
        }
    },
    "root": {"handlers": ["console"], "level": env.choice("KOSS_LOG_LEVEL", "INFO", _LEVELS)},
    # Their own handlers would write each line a second time, or past the masks.
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # koss.operation.at_work tells of tasks.
        "django_tasks": {"level": "CRITICAL"},
        "axes": {"level": "WARNING"},
        # The web server's lines of a process that serves; those of its main process are its own.
        "_granian": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}

# Where `manage.py metrics` listens, which must not be public; `make run` starts it where it is set.
KOSS_METRICS = env.text("KOSS_METRICS", "127.0.0.1:9464")

# What this portal calls itself, and where its users can ask.
KOSS_PORTAL_NAME = env.text("KOSS_PORTAL_NAME", "軽自動車保有関係手続のワンストップサービス")
KOSS_PORTAL_NAME_EN = env.text("KOSS_PORTAL_NAME_EN", "One-stop service for light motor vehicles")
KOSS_OPERATOR = env.text("KOSS_OPERATOR", "")
KOSS_OPERATOR_EN = env.text("KOSS_OPERATOR_EN", KOSS_OPERATOR or "(not set)")
KOSS_OPERATOR = KOSS_OPERATOR or "（運営者名は未設定です）"
KOSS_CONTACT_PHONE = env.text("KOSS_CONTACT_PHONE", "")
KOSS_CONTACT_EMAIL = env.text("KOSS_CONTACT_EMAIL", "")
# Where 地図 of an office leads: {place} becomes its name and address; "" leaves the link out.
KOSS_MAP_URL = env.text("KOSS_MAP_URL", "https://www.google.com/maps/search/?api=1&query={place}")
KOSS_CONTACT_HOURS = env.text("KOSS_CONTACT_HOURS", "平日 9:00～16:45")
KOSS_CONTACT_HOURS_EN = env.text("KOSS_CONTACT_HOURS_EN", "weekdays, 9:00 to 16:45")

# Rules that the manuals leave open.
KOSS_IDLE_MINUTES = env.number("KOSS_IDLE_MINUTES", 30, least=1)
SESSION_COOKIE_AGE = KOSS_IDLE_MINUTES * 60
# The moment of the last request is written back only when it is so old, so the end may come so much
# earlier; a page warns so long before it. Both are parts of a time that is short.
IDLE_STEP_SECONDS = min(60, SESSION_COOKIE_AGE // 4)
IDLE_WARNING_SECONDS = min(2 * 60, SESSION_COOKIE_AGE // 2)
IDLE_WARNED_AFTER_SECONDS = SESSION_COOKIE_AGE - IDLE_STEP_SECONDS - IDLE_WARNING_SECONDS
KOSS_LOCK_AFTER = env.number("KOSS_LOCK_AFTER", 5, least=1)
# Seconds to wait before the second, third, … counted try of a password.
KOSS_PASSWORD_WAITS = env.numbers("KOSS_PASSWORD_WAITS", [0, 30, 300, 3600])
# How many wrong passwords of one source count at a time (they halve each day) before it is refused
# for the numbers it has missed, and how many rows it may make unknown (they halve in five minutes).
KOSS_FAILURES_PER_SOURCE = env.number("KOSS_FAILURES_PER_SOURCE", 8, least=1)
KOSS_WRITES_PER_SOURCE = env.number("KOSS_WRITES_PER_SOURCE", 60, least=1)
KOSS_HASHES_AT_ONCE = env.number("KOSS_HASHES_AT_ONCE", 2, least=1)
# The module that asks for papers of other systems (docs/papers.md); empty: staff mark them by hand.
KOSS_PAPERS = env.text("KOSS_PAPERS", "applications.papers.sandbox" if DEMO else "")
# A virus scanner (host:port of clamd); when it is set and does not answer, no file is taken.
KOSS_CLAMD = env.text("KOSS_CLAMD", "")
# How long a draft of an application is kept after its last answer.
KOSS_ADDRESS_FILE_DAYS = env.number("KOSS_ADDRESS_FILE_DAYS", 90, least=1)
KOSS_DRAFT_DAYS = env.number("KOSS_DRAFT_DAYS", 7, least=1)
KOSS_CORRECTION_DAYS = env.number("KOSS_CORRECTION_DAYS", 6, least=1)
KOSS_NEAR_DAYS = env.number("KOSS_NEAR_DAYS", 3)
# Fees are due a month after the application, or after acceptance where fewer days would be left.
KOSS_LEAST_DAYS_TO_PAY = env.number("KOSS_LEAST_DAYS_TO_PAY", 7)
# Moves that one member of staff proposes and another confirms (docs/staff.md); empty: none.
KOSS_SECOND_REVIEW = env.words("KOSS_SECOND_REVIEW", [])
KOSS_NIGHT_HOUR = env.number("KOSS_NIGHT_HOUR", 5, most=23)
KOSS_NIGHT_CHUNK = env.number("KOSS_NIGHT_CHUNK", 1000, least=1)
# How long a paper that registers a receiver, or changes a password, is good.
KOSS_RECEIVER_CODE_DAYS = env.number("KOSS_RECEIVER_CODE_DAYS", 30, least=1)
# How long a まとめ納付管理ファイル is good, and how many IDs one source gets within a day.
KOSS_BATCH_FILE_DAYS = env.number("KOSS_BATCH_FILE_DAYS", 365, least=1)
KOSS_ISSUES_PER_SOURCE = env.number("KOSS_ISSUES_PER_SOURCE", 20, least=1)
# After how many unknown lookup keys within how many minutes a clerk has to wait.
KOSS_LOOK_MISSES = env.number("KOSS_LOOK_MISSES", 10, least=1)
KOSS_LOOK_MINUTES = env.number("KOSS_LOOK_MINUTES", 5, least=1)
# How long a number past its due date waits for the bank's answer before it expires.
KOSS_BANK_GRACE_DAYS = env.number("KOSS_BANK_GRACE_DAYS", 3)
# The largest body with a set of applications, in bytes, and the requests of one API key a minute.
KOSS_API_LARGEST_SET = env.number("KOSS_API_LARGEST_SET", 16 * 1024 * 1024, least=1024 * 1024)
KOSS_API_REQUESTS_PER_MINUTE = env.number("KOSS_API_REQUESTS_PER_MINUTE", 600, least=1)
# In the demo: webhooks may lead to this very machine, by http too, to try a receiver out.
KOSS_WEBHOOK_LOOPBACK = DEMO and env.flag("KOSS_WEBHOOK_LOOPBACK", False)
# How many webhooks one user may have.
KOSS_WEBHOOKS_PER_USER = env.number("KOSS_WEBHOOKS_PER_USER", 5, least=1, most=100)
# How many applications can be put under one payment number at once.
KOSS_BATCH_LIMIT = env.number("KOSS_BATCH_LIMIT", 1000, least=1)
