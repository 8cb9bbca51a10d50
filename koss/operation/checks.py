"""System checks: settings and databases that must not go live together.

Those tagged ``database`` ask the database; `make run` runs them, and an operator does by
``manage.py check --database default``.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from applications.life import asking
from applications.life.table import TABLE
from applications.models import Application, CertificateKind
from applications.signatures import anchors
from koss.ground import env
from koss.models import is_a_demo

_LOCAL = {"localhost", "127.0.0.1", "[::1]"}
_SANDBOX_BANK = "payments.banks.sandbox"
_NO_KEY = "KOSS_SECRET_KEY is not set: machines that share a PostgreSQL database need the same one."


@register(Tags.security)
def settings_fit_each_other(app_configs, **_rest):
    """E003 … W007, E017, E027: what the settings alone tell."""
    complaints = [
        (settings.HTTPS and settings.DEBUG, Error, "E003", "KOSS_DEBUG shows code and settings.",
         "Unset KOSS_DEBUG where KOSS_HTTPS is set."),
        (settings.HTTPS and not settings.KOSS_PROXIES, Error, "E004",
         "KOSS_HTTPS without KOSS_PROXIES sends every visitor round in circles.",
         "TLS ends in a proxy in front: say with KOSS_PROXIES how many there are."),
        (settings.HTTPS and not settings.KOSS_ORIGIN.startswith("https://"), Error, "E005",
         "Mails would name an address without TLS.", "Set KOSS_ORIGIN to https://…"),
        (settings.HTTPS and settings.DEMO, Warning, "W006",
         "The demo's passwords are published.", "Unset KOSS_DEMO, unless everybody may use them."),
        (settings.HTTPS and _mail_goes_nowhere(), Warning, "W007",
         "Mails are written to the terminal, or thrown away.", "Set EMAIL_URL to a mail server."),
        (_unknown_kinds(), Error, "E017",
         f"KOSS_CERTIFICATE_POLICIES names no kind of certificate: {', '.join(_unknown_kinds())}",
         f"Write {', '.join(CertificateKind.values)}, each with =policy."),
        (_not_seconded(), Error, "E027",
         f"KOSS_SECOND_REVIEW names no move of a reviewer: {', '.join(_not_seconded())}",
         f"Write some of {', '.join(sorted(_can_be_seconded()))}."),
    ]  # fmt: skip
    return _messages(complaints)


def _can_be_seconded():
    return {str(move.name) for move in TABLE if move.by in asking.SECONDED}


def _not_seconded():
    return sorted(set(settings.KOSS_SECOND_REVIEW) - _can_be_seconded())


def _messages(complaints):
    return [
        kind(says, hint=hint, id=f"koss.{number}")
        for applies, kind, number, says, hint in complaints
        if applies
    ]


@register(Tags.security, deploy=True)
def settings_are_those_of_a_live_portal(app_configs, **_rest):
    """E008 … W021: what is easily forgotten before others use the portal (``check --deploy``)."""
    hosts = settings.ALLOWED_HOSTS
    complaints = [
        (_lacks_a_key(), Error, "E008", _NO_KEY, "Set KOSS_SECRET_KEY."),
        (settings.KOSS_BANK == _SANDBOX_BANK, Warning, "W009",
         "The practice bank takes no real money.", "Set KOSS_BANK to the module of a bank."),
        (any(each.startswith((".", "*")) for each in hosts), Warning, "W010",
         "KOSS_HOSTS lets a request choose the name of the portal.", "Name every host."),
        (all(each in _LOCAL for each in hosts), Warning, "W011",
         "The portal answers only on the machine itself.", "Set KOSS_HOSTS."),
        (not settings.HTTPS, Warning, "W012",
         "Passwords travel in the open.", "Set KOSS_HTTPS=1 behind a proxy that speaks TLS."),
        (settings.DEFAULT_FROM_EMAIL.endswith("koss.example"), Warning, "W013",
         "Mails come from an address that does not exist.", "Set KOSS_MAIL_FROM."),
        (not env.text("KOSS_OPERATOR", ""), Warning, "W014",
         "The pages do not say who runs the portal.", "Set KOSS_OPERATOR."),
        (not (settings.KOSS_CONTACT_PHONE or settings.KOSS_CONTACT_EMAIL), Warning, "W015",
         "The pages do not say where to ask.", "Set KOSS_CONTACT_PHONE or KOSS_CONTACT_EMAIL."),
        (settings.WHITENOISE_USE_FINDERS, Warning, "W016",
         "Style sheets are neither compressed nor named by their content.",
         "Run collectstatic and set KOSS_COLLECTED_STATIC=1."),
        (_words_of_the_example(), Warning, "W018",
         f"Words of the example are left in {', '.join(_words_of_the_example())}.",
         "Put your own names there: nothing that ends in .example exists."),
        (_lie_in_the_code(), Warning, "W019",
         f"{' and '.join(_lie_in_the_code())} lies inside of the program's own directory.",
         "Name a directory beside it: the next version may be cloned anew."),
        (not (settings.DEMO or anchors.configured().roots), Warning, "W020",
         "No authority's certificate is believed: every electronic signature is refused.",
         "Name a directory with their PEM files in KOSS_TRUST_ANCHORS."),
        (_payers_go_astray(), Warning, "W021",
         "KOSS_BANK_ORIGIN leads payers to their own machine, or there without TLS.",
         "Name the address of the bank as browsers see it: https://…"),
    ]  # fmt: skip
    return _messages(complaints)


def require_a_key():
    """For a server's start: ImproperlyConfigured where each machine would make its own key."""
    if _lacks_a_key():
        raise ImproperlyConfigured(_NO_KEY)


def _lacks_a_key():
    on_postgresql = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    return on_postgresql and not settings.DEMO and not env.text("KOSS_SECRET_KEY", "")


@register(Tags.database)
def mode_fits_the_database(app_configs, databases, **_rest):
    """E001, E002: a demo's database outside demo mode, or a real one in it."""
    if not databases:
        return []
    try:
        marked, used = is_a_demo(), Application.objects.exists()
    except DatabaseError:  # not migrated yet: there is nothing in it
        return []
    if settings.DEMO and used and not marked:
        return [
            Error(
                "Demo mode on a database that holds applications of its own.",
                hint="Unset KOSS_DEMO, or give the demo an empty database.",
                id="koss.E001",
            )
        ]
    if marked and not settings.DEMO:
        return [
            Error(
                "This database was made as a demo: its passwords are published.",
                hint="Use another database, or start the demo: make run DEMO=1",
                id="koss.E002",
            )
        ]
    return []


def _mail_goes_nowhere():
    kind = settings.EMAIL_BACKEND.rpartition(".")[0]
    return kind in {"django.core.mail.backends.console", "django.core.mail.backends.dummy"}


def _words_of_the_example():
    """Names of settings that still say what docs/deploy/koss.env.example says."""
    told = {
        "KOSS_HOSTS": settings.ALLOWED_HOSTS,
        "KOSS_ORIGIN": [urlsplit(settings.KOSS_ORIGIN).hostname],
        "KOSS_BANK_ORIGIN": [urlsplit(settings.KOSS_BANK_ORIGIN).hostname],
        "EMAIL_URL": [settings.EMAIL_HOST],
        "KOSS_MAIL_FROM": [settings.DEFAULT_FROM_EMAIL.rstrip("> ")],
        "KOSS_CONTACT_EMAIL": [settings.KOSS_CONTACT_EMAIL],
        "KOSS_OPERATOR": [settings.KOSS_OPERATOR],
        "KOSS_OPERATOR_EN": [settings.KOSS_OPERATOR_EN],
    }
    return [name for name, words in told.items() if any(map(_is_of_the_example, words))]


def _is_of_the_example(word):
    return word.endswith((".example", "(example)"))


def _lie_in_the_code():
    """Names of settings whose directory is the program's, where an update may replace it."""
    uploads = settings.STORAGES["uploads"]["OPTIONS"].get("location", "")
    told = {"KOSS_DATA_DIR": settings.DATA_DIR, "KOSS_UPLOADS": uploads}
    return [
        name
        for name, place in told.items()
        if Path(place).is_absolute() and Path(place).is_relative_to(settings.BASE_DIR)
    ]


def _payers_go_astray():
    """Whether a portal that others reach by TLS sends them to a bank where they find none."""
    bank = urlsplit(settings.KOSS_BANK_ORIGIN)
    local = bank.hostname in {"localhost", "127.0.0.1", "::1"}
    uses_it = settings.KOSS_BANK == _SANDBOX_BANK
    return settings.HTTPS and uses_it and (local or bank.scheme != "https")


def _unknown_kinds():
    named = settings.KOSS_CERTIFICATE_POLICIES
    return [kind for kind, policy in named if kind not in CertificateKind.values or not policy]
