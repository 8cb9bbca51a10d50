"""The catalogues: ``python -m tests.messages`` brings them up to date with the code.

Words that the code no longer says leave them, new ones come in without a translation, and the
compiled files that Django reads are written. English has every message, やさしい日本語 those that
have a plain variant or need one. tests/house/test_messages.py and test_plain_japanese.py say what
is missing.
"""

import io
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages import Catalog, extract, mofile, pofile
from django.utils.translation.template import templatize

from tests import plain_japanese

ROOT = Path(__file__).parent.parent
_LOCALES = ROOT / "koss" / "locale"
CATALOGUE = _LOCALES / "en" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
PLAIN = _LOCALES / "ja_X-easy" / "LC_MESSAGES" / "django.po"
_APPS = ("koss", "applications", "payments", "qrcodes")
# The bank is a program of its own, which speaks as a bank in Japan does.
_ITS_OWN = ROOT / "payments" / "sandbox"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What ``templatize`` leaves of a template: calls among signs that stand for everything else.
_CALL = re.compile(r"""\b(?:n?p?gettext|_)\((?:[^()"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\)""")


@cache
def said():
    """{(context or None, message): (plural or None, [where])} of all code and templates."""
    found = {}
    for path in _files():
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = "\n".join(_CALL.findall(templatize(source).replace("u'", "'")))
        lines = extract.extract("python", io.BytesIO(source.encode()), KEYWORDS)
        for _line, message, _comments, context in lines:
            one, many = message if isinstance(message, tuple) else (message, None)
            if one:
                entry = found.setdefault((context, one), [many, []])
                entry[0] = entry[0] or many
                entry[1].append(path.relative_to(ROOT).as_posix())
    return found


def _files():
    yield from sorted((ROOT / "templates").rglob("*.html"))
    yield from sorted((ROOT / "templates").rglob("*.txt"))
    for app in _APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts and not path.is_relative_to(_ITS_OWN):
                yield path


@cache
def kept(path=CATALOGUE):
    """The catalogue as it is in the file."""
    with path.open("rb") as file:
        return pofile.read_po(file, locale=_locale(path))


def _locale(path):
    return "en" if path == CATALOGUE else "ja"


def compiled(catalogue):
    """The bytes of the file that Django reads."""
    file = io.BytesIO()
    mofile.write_mo(file, catalogue)
    return file.getvalue()


def write():
    everything = sorted(said().items(), key=lambda each: each[1][1][0])
    _write(CATALOGUE, "# The portal in English.", everything)
    plain = [(key, found) for key, found in everything if needs_plain(*key) or _has_plain(*key)]
    _write(PLAIN, "# Sentences in やさしい日本語. What is not here is said as in Japanese.", plain)


def needs_plain(context, message):
    """Whether ``message`` is a sentence on a screen that decides something."""
    _many, where = said()[context, message]
    return plain_japanese.is_sentence(message) and plain_japanese.decides(where)


def _has_plain(context, message):
    had = kept(PLAIN).get(message, context)
    return had and _is_said(had)


def _write(path, comment, messages):
    # A day of its own would make another file of the same words.
    day = datetime(2026, 1, 1, tzinfo=UTC)
    locale = _locale(path)
    after = Catalog(locale, project="koss", version="1", creation_date=day, revision_date=day)
    after.header_comment, after.fuzzy = comment, False
    before = kept(path)
    for (context, one), (many, where) in messages:
        had = before.get(one, context)
        words = had.string if had else ""
        if many and isinstance(words, str):
            words = (words,) * after.num_plurals
        locations = [(path, None) for path in dict.fromkeys(where)]
        after.add((one, many) if many else one, words, locations, context=context)
    with path.open("wb") as file:
        pofile.write_po(file, after, width=100)
    path.with_suffix(".mo").write_bytes(compiled(after))
    missing = [message.id for message in after if message.id and not _is_said(message)]
    name = path.relative_to(_LOCALES).parts[0]
    print(f"{name}: {len(after)} messages, {len(missing)} without a translation")


def _is_said(message):
    words = message.string
    return all(words) if isinstance(words, tuple) else bool(words)


if __name__ == "__main__":
    write()
