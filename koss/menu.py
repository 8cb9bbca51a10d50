"""The header's two menus. An entry is one line here, added when its screen works."""

from typing import NamedTuple

from koss.labels import Menu as Word
from koss.labels import Screen
from payments.labels import Screen as PaymentScreen
from qrcodes.labels import Screen as CodeScreen


class Entry(NamedTuple):
    name: str
    url_name: str


class Group(NamedTuple):
    title: str
    entries: tuple[Entry, ...]


class Menu(NamedTuple):
    title: str
    groups: tuple[Group, ...]


MENUS = (
    Menu(
        Word.FIRST_TIME,
        (
            Group(
                "",
                (
                    Entry(Screen.FAQ, "faq"),
                    Entry(Screen.CONTACT, "contact"),
                ),
            ),
            Group(Word.PREPARE_SCREEN, (Entry(PaymentScreen.ISSUE, "payments:issue"),)),
            Group(
                Word.PREPARE_BULK,
                (
                    Entry(PaymentScreen.ISSUE, "payments:issue"),
                    Entry(CodeScreen.CODES, "qrcodes:guide"),
                ),
            ),
        ),
    ),
    Menu(
        Word.PREPARED,
        (
            Group(
                Word.SCREEN_APPLICANTS,
                (
                    Entry(Word.STATUS_INQUIRY, "applications:login"),
                    Entry(Word.INDIVIDUAL_PAYMENT, "applications:login"),
                    Entry(Word.BATCH_PAYMENT, "payments:login"),
                    Entry(Word.CORRECTION, "applications:login"),
                    Entry(Word.USER_DETAILS, "payments:my_page_login"),
                ),
            ),
            Group(
                Word.BULK_APPLICANTS,
                (
                    Entry(Word.STATUS_INQUIRY, "applications:login"),
                    Entry(Word.PAY, "payments:login"),
                    Entry(Word.CORRECTION, "applications:login"),
                    Entry(Word.USER_DETAILS, "payments:my_page_login"),
                ),
            ),
        ),
    ),
)
