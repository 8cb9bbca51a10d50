"""System checks: settings and databases that must not go live together.

Those tagged ``database`` ask the database; `make run` runs them, and an operator does by
``manage.py check --database default``.
"""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import DatabaseError

from applications.models import Application
from koss.models import DemoAccount


@register(Tags.security)
def settings_fit_each_other(app_configs, **_rest):
    """E003 … W007: what the settings alone tell."""
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
         "Mails are written to the terminal.", "Set EMAIL_URL to a mail server."),
    ]  # fmt: skip
    return [
        kind(says, hint=hint, id=f"koss.{number}")
        for applies, kind, number, says, hint in complaints
        if applies
    ]


@register(Tags.database)
def mode_fits_the_database(app_configs, databases, **_rest):
    """E001, E002: a demo's database in earnest, or an earnest one in demo mode."""
    if not databases:
        return []
    try:
        marked, used = DemoAccount.objects.exists(), Application.objects.exists()
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
    return settings.EMAIL_BACKEND.rpartition(".")[0] == "django.core.mail.backends.console"
