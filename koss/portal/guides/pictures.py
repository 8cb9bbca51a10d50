"""The pictures of the guides: taken by `make guides`, kept in static/guides/ beside a list of them.

The list says for each picture and language its size and the digest of the screen that it was taken
of, so that a test finds a picture that is older than its screen.
"""

import json
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language, gettext

LIST = Path(__file__).with_suffix(".json")
# Pictures are twice as fine as the screen.
SCALE = 2


class Picture(NamedTuple):
    """``width`` and ``height`` in pixels of the screen."""

    address: str
    width: int
    height: int
    alt: str


def read_list():
    """{name of a scene: {language: {"digest", "width", "height"}}}, sizes in pixels of the file."""
    return json.loads(LIST.read_text(encoding="utf-8"))


_LIST = read_list()


def of(scene):
    """The picture of ``scene`` in the reader's language; None where none was taken."""
    taken = _LIST.get(scene.name, {})
    language = get_language()
    if language not in taken:
        language = settings.LANGUAGE_CODE
    if language not in taken:
        return None
    size = taken[language]
    address = static(f"guides/{language}/{scene.name}.webp")
    return Picture(address, size["width"] // SCALE, size["height"] // SCALE, _alt(scene))


def _alt(scene):
    words = {"title": scene.title, "marked": scene.marked}
    if scene.marked:
        return gettext("「%(title)s」の画面の見本。「%(marked)s」に印を付けています。") % words
    return gettext("「%(title)s」の画面の見本。") % words
