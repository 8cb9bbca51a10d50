"""The accounts of the demo world: a table for people, or JSON for programs."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from applications.demo.journeys import PASSWORD
from koss.demo import mode, world
from koss.ground import clock
from payments.demo import payers
from qrcodes import demo as receivers


class Command(BaseCommand):
    help = "List the accounts of the demo world (exit status 1 outside demo mode)."

    def add_arguments(self, parser):
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="a JSON list and nothing else"
        )
        parser.add_argument(
            "--make", action="store_true", help="make the demo world first, in an empty database"
        )

    def handle(self, *, as_json, make, **_options):
        if make:
            try:
                world.load(now=clock.now())
            except world.NotHere as reason:
                raise CommandError(str(reason)) from reason
        accounts = [_fact(account, application) for account, application in _told_accounts()]
        self.stdout.write(_as_json(accounts) if as_json else _as_table(accounts))


def _told_accounts():
    try:
        if mode.accounts_may_be_told():
            return world.accounts()
    except DatabaseError as error:
        raise CommandError(f"The database cannot be read ({error}): start `make run`.") from error
    raise CommandError("There are no demo accounts outside demo mode: set KOSS_DEMO=1.")


def _fact(account, application):
    return {
        "receipt_number": account.receipt_number,
        "password": PASSWORD,
        "procedure": str(application.get_procedure_display()),
        "status": str(application.get_status_display()),
        "shows": account.shows,
    }


def _as_json(accounts):
    return json.dumps(accounts, ensure_ascii=False, indent=1)


def _as_table(accounts):
    lines = [
        f"{fact['receipt_number']}  {fact['procedure']}  {fact['status']}  {fact['shows']}"
        for fact in accounts
    ]
    staff = [f"{name}  {role.label}  {office}".rstrip() for name, role, office in world.staff()]
    return "\n".join(
        [
            *lines,
            "",
            f"申請用パスワード（すべて共通）: {PASSWORD}",
            "",
            *(f"{user_id}  {shows}" for user_id, shows in payers.shown()),
            f"納付利用者パスワード（すべて共通）: {payers.PASSWORD}",
            "",
            f"受取者: {receivers.RECEIVER}",
            f"受取者用パスワード: {receivers.PASSWORD}",
            "",
            *staff,
            f"/admin/ のパスワード（すべて共通）: {world.STAFF_PASSWORD}",
        ]
    )
