"""The two menus of the header, and what すべてのメニュー says of their entries.

Those of はじめての方 are reading pages (``koss.portal.pages``). Those of 事前の準備が整った方 are
one line each here, added when the screen works.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from koss.labels import Menu as Word
from koss.portal import pages


class Entry(NamedTuple):
    """``about``: what it does and what it needs."""

    name: str
    url_name: str
    about: str


class MenuGroup(NamedTuple):
    """``url_name`` with ``anchor``: where its title leads, "" for a title that leads nowhere."""

    title: str
    entries: tuple[Entry, ...]
    url_name: str = ""
    anchor: str = ""


class Menu(NamedTuple):
    title: str
    groups: tuple[MenuGroup, ...]


def _entry(page):
    return Entry(page.title, page.name, page.about)


def _pages_of_first_time():
    """はじめての方 in the manuals' order; what has steps is a group with its own title."""
    plain, title = [], "first_time"
    for page in map(pages.BY_NAME.get, pages.FIRST_TIME):
        if page.name not in pages.STEPS:
            plain.append(_entry(page))
            continue
        if plain:
            yield _group(title, plain)
        plain, title = [], ""
        yield _group(page.name, [_entry(step.page) for step in pages.STEPS[page.name]])
    yield _group(title, plain)


def _group(name, entries):
    title = pages.BY_NAME[name].title if name else ""
    return MenuGroup(title, tuple(entries), name)


_INQUIRY = _("受付番号と申請用パスワードで、いまの状況と次に行うことを確かめます。")
_CORRECTION = _("補正の指示が出ている申請の内容を直して、もう一度送ります。")
_USER = _("納付利用者IDの情報、ダイレクト納付の口座、まとめ納付管理ファイルを扱います。")
_FOLLOW = _("自分のIDの申請すべてを一つの一覧で追います。マイページから開きます。")
_ADDRESS = _("新車の手続で使う、使用者の住所を証明するファイルを作って署名します。")
_APPLY = _("継続検査か新車の手続を、このポータルの画面から始めます。電子証明書を使います。")
_ALONE = _("申請を一件ずつ納めます。状況の照会から「納付情報」に進みます。")
_TOGETHER = _("いくつもの申請を一つの納付番号にまとめて納めます。納付利用者IDを使います。")
_PAY = _("まとめ納付かダイレクト納付で納めます。納付利用者IDを使います。")

# fmt: off
PREPARED = Menu(Word.PREPARED, (
    MenuGroup(Word.SCREEN_APPLICANTS, (
        Entry(Word.ADDRESS_FILE, "apply:address_form", _ADDRESS),
        Entry(Word.APPLY, "apply:begin", _APPLY),
        Entry(Word.STATUS_INQUIRY, "applications:login", _INQUIRY),
        Entry(Word.INDIVIDUAL_PAYMENT, "applications:login", _ALONE),
        Entry(Word.BATCH_PAYMENT, "payments:login", _TOGETHER),
        Entry(Word.CORRECTION, "applications:correction_login", _CORRECTION),
        Entry(Word.USER_DETAILS, "payments:my_page_login", _USER),
        Entry(Word.FOLLOW, "payments:my_page_login", _FOLLOW),
    ), "prepared", "screen"),
    MenuGroup(Word.BULK_APPLICANTS, (
        Entry(Word.STATUS_INQUIRY, "applications:login", _INQUIRY),
        Entry(Word.PAY, "payments:login", _PAY),
        Entry(Word.CORRECTION, "applications:correction_login", _CORRECTION),
        Entry(Word.USER_DETAILS, "payments:my_page_login", _USER),
        Entry(Word.FOLLOW, "payments:my_page_login", _FOLLOW),
    ), "prepared", "bulk"),
))
# fmt: on
MENUS = (Menu(Word.FIRST_TIME, tuple(_pages_of_first_time())), PREPARED)
