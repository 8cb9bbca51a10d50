"""Settings of the portal, in the order of Django's own reference.

Whatever differs between installations is read from the environment through ``koss.env``; each
name has a row in docs/operations.md, and a test keeps the two equal. Numbers that a manual fixes
(17 digits, 60 days) are not settings: they stand beside their rule.
"""

from pathlib import Path

from csp.constants import NONE, SELF

from koss import env

BASE_DIR = Path(__file__).resolve().parent.parent

# Database, secret key, demo mail and collected files: everything the program itself writes.
DATA_DIR = Path(env.text("KOSS_DATA_DIR", str(BASE_DIR / ".data")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

# The demo world: accounts with published passwords, and a clock that can be moved forward.
DEMO = env.flag("KOSS_DEMO", False)
DEBUG = env.flag("KOSS_DEBUG", False)
SECRET_KEY = env.secret("KOSS_SECRET_KEY", file=DATA_DIR / "secret_key")

ALLOWED_HOSTS = env.words("KOSS_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("KOSS_TRUSTED_ORIGINS", [])
# The address that mails name; a request's Host header is never used for it.
KOSS_ORIGIN = env.text("KOSS_ORIGIN", "http://127.0.0.1:8000")

# The module that speaks to the bank (docs/bank.md), and where a bank reached over HTTP answers.
# Payers are sent there too: it is the only foreign address that a form may be posted to.
KOSS_BANK = env.text("KOSS_BANK", "payments.banks.sandbox")
KOSS_BANK_ORIGIN = env.text("KOSS_BANK_ORIGIN", "http://127.0.0.1:8001").rstrip("/")
KOSS_BANK_SECRET = env.secret("KOSS_BANK_SECRET", file=DATA_DIR / "bank_secret")

# How many reverse proxies in front append to X-Forwarded-For. 0: the header is not believed.
KOSS_PROXIES = env.number("KOSS_PROXIES", 0)

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
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *(["koss.demo.middleware.hold_clock"] if DEMO else []),
    "koss.middleware.refuse_control_characters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "koss.middleware.never_store_private_pages",
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
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "koss.context.words",
                "koss.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'koss.sqlite3'}")}
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
    _database["CONN_MAX_AGE"] = None
    _database["CONN_HEALTH_CHECKS"] = True
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
DEFAULT_FROM_EMAIL = env.text("KOSS_MAIL_FROM", "no-reply@koss.example")

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "koss.hashers.LeanArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "admin:login"

SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
# Plain HTTP is for one's own machine; behind TLS set KOSS_HTTPS=1.
HTTPS = env.flag("KOSS_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and KOSS_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "koss.views.csrf_failure"
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
LANGUAGES = [("ja", "日本語")]
LOCALE_PATHS = [BASE_DIR / "koss" / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if env.flag("KOSS_COLLECTED_STATIC", False)
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not env.flag("KOSS_COLLECTED_STATIC", False)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_CLIENT_IP_CALLABLE = "koss.visitors.source_of"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("KOSS_LOG_LEVEL", "WARNING")},
}

# What this portal calls itself, and where its users can ask.
KOSS_PORTAL_NAME = env.text("KOSS_PORTAL_NAME", "軽自動車保有関係手続のワンストップサービス")
KOSS_OPERATOR = env.text("KOSS_OPERATOR", "（運営者名は未設定です）")
KOSS_CONTACT_PHONE = env.text("KOSS_CONTACT_PHONE", "")
KOSS_CONTACT_EMAIL = env.text("KOSS_CONTACT_EMAIL", "")
KOSS_CONTACT_HOURS = env.text("KOSS_CONTACT_HOURS", "平日 9:00～16:45")

# Rules that the manuals leave open.
KOSS_IDLE_MINUTES = env.number("KOSS_IDLE_MINUTES", 30, least=1)
KOSS_LOCK_AFTER = env.number("KOSS_LOCK_AFTER", 5, least=1)
# Seconds to wait before the second, third, … counted try of a password.
KOSS_PASSWORD_WAITS = env.numbers("KOSS_PASSWORD_WAITS", [0, 30, 300, 3600])
# How many numbers one source may lock within a day before its tries are refused uncounted.
KOSS_LOCKS_PER_SOURCE = env.number("KOSS_LOCKS_PER_SOURCE", 2, least=1)
KOSS_HASHES_AT_ONCE = env.number("KOSS_HASHES_AT_ONCE", 2, least=1)
KOSS_CORRECTION_DAYS = env.number("KOSS_CORRECTION_DAYS", 6, least=1)
KOSS_NEAR_DAYS = env.number("KOSS_NEAR_DAYS", 3)
KOSS_NIGHT_HOUR = env.number("KOSS_NIGHT_HOUR", 5)
KOSS_NIGHT_CHUNK = env.number("KOSS_NIGHT_CHUNK", 1000, least=1)
# How long a paper that registers a receiver, or changes a password, is good.
KOSS_RECEIVER_CODE_DAYS = env.number("KOSS_RECEIVER_CODE_DAYS", 30, least=1)
# How long a まとめ納付管理ファイル is good, and how many IDs one source gets within a day.
KOSS_BATCH_FILE_DAYS = env.number("KOSS_BATCH_FILE_DAYS", 365, least=1)
KOSS_ISSUES_PER_SOURCE = env.number("KOSS_ISSUES_PER_SOURCE", 20, least=1)
# After how many unknown lookup keys within how many minutes a clerk has to wait.
KOSS_LOOK_MISSES = env.number("KOSS_LOOK_MISSES", 10, least=1)
KOSS_LOOK_MINUTES = env.number("KOSS_LOOK_MINUTES", 5, least=1)
# How many applications can be put under one payment number at once.
KOSS_BATCH_LIMIT = env.number("KOSS_BATCH_LIMIT", 1000, least=1)
