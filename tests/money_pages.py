"""The ways of staff to the pages of payments, for tests/every_page.py: arguments of its kinds."""

import re

from tests.ways import html_of, opens, presses

_ADMIN = "/admin/payments/"


def _opens(path):
    return opens(_ADMIN + path)


def opens_first(model):
    """The page of the first row of a list."""

    def way(person):
        person.opens(f"{_ADMIN}{model}/")
        person.opens(re.search(rf"{_ADMIN}{model}/\d+/change/", html_of(person))[0])

    return way


def _user(*words):
    """From the page of a payment user, by pressing ``words``."""

    def way(person):
        person.opens(f"{_ADMIN}paymentuser/")
        person.presses("KNLK0001")
        presses(*words)(person)

    return way


_OPERATOR = {"role": "operator"}
_WITH_USERS = {"role": "operator", "payer": True}
WAYS = [
    ("admin: payment users", _opens("paymentuser/"), _WITH_USERS),
    ("admin: payment user", _user(), _WITH_USERS),
    ("admin: initialise a user", _user("パスワード初期化メールを送る"), _WITH_USERS),
    ("admin: lock a user with an error", _user("ロックする", "ロックする"), _WITH_USERS),
    ("admin: login history", _opens("userevent/"), _WITH_USERS),
    ("admin: accounts", _opens("directaccount/"), _WITH_USERS),
    ("admin: debits", _opens("debitorder/"), _OPERATOR),
    ("admin: notices", _opens("settlementnotice/"), _OPERATOR),
    ("admin: refunds", _opens("refund/"), _OPERATOR),
    ("admin: daily report", _opens("cash/"), _OPERATOR),
    ("admin: daily report with an error", _opens("cash/?day=x"), _OPERATOR),
    (
        "admin: payment number",
        opens_first("paymentinformation"),
        {
            "role": "reviewer",
            "status": "検査手数料等まとめ払い中",
            "fields": {"numbered": True},
        },
    ),
]
