"""A language that shows what is translated: every word stands in ⸨brackets¦with its English⸩.

What the portal says in it stands inside of brackets; what is stored, or typed, does not. A page
said in it reads as two: ``plain`` is the Japanese one, ``english`` the English one.
"""

import re
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.utils import translation
from django.utils.translation import trans_real

from applications.apply import address_file
from applications.postal.table import addresses_of
from koss.mail import outbox
from koss.models import OutgoingMail
from koss.portal import languages
from payments.banks.sandbox import BANKS
from tests.visitor import Visitor

CODE = "xx"
OPEN, TURN, CLOSE = "⸨¦⸩"
JAPANESE = re.compile("[ぁ-ヿ一-鿿々]+")
# The official Japanese word after a translated one.
_BESIDE = re.compile('<span class="koss-beside" lang="ja">([^<]*)</span>')
# What a search quotes begins and ends in the middle of a sentence that its own page says whole.
_QUOTED = re.compile('<p class="koss-found__text">.*?</p>', re.DOTALL)
_INNERMOST = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
_PAIR = re.compile(f"{OPEN}([^{OPEN}{CLOSE}{TURN}]*)(?:{TURN}([^{OPEN}{CLOSE}{TURN}]*))?{CLOSE}")
# What is put in by its place can be put in only once.
_BY_PLACE = re.compile(r"%[sd]|\{\}")
_CONTEXT = "\x04"
# Names that nobody translates: what the operator calls things, and what banks are called.
_NAMES = [settings.KOSS_PORTAL_NAME, settings.KOSS_OPERATOR, settings.KOSS_CONTACT_HOURS]
_NAMES += [name for _code, name in settings.LANGUAGES]
_NAMES += BANKS.values()
# The guide of the bulk interface is a document, and is shown as it is written.
_NAMES.append((settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8"))
# What the walk over every page types and is shown again before anything is stored.
_TYPED = [
    "六本木商事",
    "ロッポンギショウジ",
    "六本木　一郎",
    "六本木 一郎",
    "軽自　次郎",
    "しゃけんの費用",
]
# What a draft keeps sealed is read in no table, and the post office's places in no row.
_TYPED += ["軽自　太郎", "軽自□太郎", "品川 - 580 - さ - 1234", "東京都品川区東品川1-1-1"]
_TYPED += [address_file.NAME, *map(str, addresses_of("4980000"))]


class Pseudo:
    """As the language of the source, in brackets, with the English behind it."""

    def __init__(self, source, english):
        self._source, self._english = source, english

    def gettext(self, message):
        return _marked(self._source.gettext(message), self._english.gettext(message))

    def ngettext(self, one, many, number):
        return _marked(
            self._source.ngettext(one, many, number), self._english.ngettext(one, many, number)
        )

    def to_language(self):
        return CODE

    language = to_language


def _marked(words, english):
    words, english = (each.rpartition(_CONTEXT)[2] for each in (words, english))
    behind = "" if _BY_PLACE.search(words) else f"{TURN}{english}"
    return f"{OPEN}{words}{behind}{CLOSE}"


@contextmanager
def spoken():
    """Everything that is said inside is said in the pseudo-language."""
    trans_real._translations[CODE] = Pseudo(
        trans_real.translation("ja"), trans_real.translation("en")
    )
    try:
        with translation.override(CODE), patch.object(languages, "of", lambda request: CODE):
            yield
    finally:
        del trans_real._translations[CODE]


def plain(text):
    """``text`` as it reads in Japanese."""
    return _read(text, lambda pair: pair[1])


def english(text):
    """``text`` as it reads in English."""
    return _read(text, lambda pair: pair[1] if pair[2] is None else pair[2])


def _read(text, half):
    while (less := _PAIR.sub(half, text)) != text:
        text = less
    # Where a text was cut, one bracket is left.
    return text.replace(OPEN, "").replace(CLOSE, "")


def untranslated(text):
    """The Japanese words of ``text`` that stand outside of all brackets."""
    while (less := _INNERMOST.sub(" ", text)) != text:
        text = less
    return JAPANESE.findall(text)


class Reader(Visitor):
    """A visitor who reads past the brackets. ``said``: the last page with them."""

    def _arrive(self, response, path):
        self.said = self.in_english = ""
        if "html" in response["Content-Type"]:
            html = response.content.decode()
            self.in_english = english(html).replace(f'lang="{CODE}"', 'lang="en"')
            self.said = _BESIDE.sub("", html)
            # No checker of HTML knows this language.
            html = plain(self.said).replace(f'lang="{CODE}"', 'lang="ja"')
            response.content = html.encode()
        super()._arrive(response, path)

    def sees(self, *words):
        super().sees(*(plain(str(each)) for each in words))


def faults(html):
    """What is wrong with a page said in this language, and with what is stored by now.

    The page's words outside of brackets that are no name, no text of the database and no mail,
    which has a language of its own; and where in the database a translated word stands.
    """
    texts = list(stored())
    outside = untranslated(_QUOTED.sub("", html))
    if outside:
        mails = ["".join(outbox.read(mail)) for mail in OutgoingMail.objects.all()]
        as_it_is = "\n".join([*_NAMES, *_TYPED, *mails, *(text for _where, text in texts)])
        outside = [word for word in outside if word not in as_it_is]
    return outside + _marked_and_stored(texts)


def translated_and_stored():
    """Where a translated word has got into the database."""
    return _marked_and_stored(stored())


def _marked_and_stored(texts):
    found = [where for where, text in texts if OPEN in text]
    sessions = [session.get_decoded() for session in Session.objects.all()]
    return found + [str(kept) for kept in sessions if OPEN in str(kept)]


def stored():
    """(table and column, text) of everything in the database that holds text."""
    with connection.cursor() as cursor:
        for table, fields in _columns_of_text():
            cursor.execute(f"SELECT {', '.join(column for column, _field in fields)} FROM {table}")
            for row in cursor.fetchall():
                for (column, field), value in zip(fields, row, strict=True):
                    if value is not None and hasattr(field, "from_db_value"):
                        value = field.from_db_value(value, None, connection)
                    yield f"{table}.{column}".replace('"', ""), str(value)


@cache
def _columns_of_text():
    """[(table, [(column, field)])]: those of every model's table that hold text."""
    made = set(connection.introspection.table_names())
    found = []
    for model in apps.get_models():
        fields = [
            (connection.ops.quote_name(field.column), field)
            for field in model._meta.local_concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
            and not field.is_relation
        ]
        meta = model._meta
        if fields and meta.managed and not meta.proxy and meta.db_table in made:
            found.append((connection.ops.quote_name(meta.db_table), fields))
    return found
