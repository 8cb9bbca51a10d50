"""What is wrong with a picture of a guide, or with the labels of its steps.

A screen's digest is made of its elements, their classes and its words. Digits are left out:
numbers, dates and amounts of the demo world are no reason to take a picture anew.
"""

import hashlib
import re

from django.urls import resolve
from django.utils import translation

from koss.portal.guides import shelf
from tests import pages
from tests.pages import Node

_NUMBER = re.compile(r"\d+")
_NO_WORDS = {"script", "style", "svg"}


def shown(scene, html):
    """The element of the page that a picture of ``scene`` shows; None where it is not there."""
    page = pages.read(html)
    for each in page.all():
        if scene.part and scene.part in (each["aria-labelledby"], each["id"]):
            if each["id"] and each.tag.startswith("h"):
                continue  # a heading: its section is what names it, or a panel around
            return each
        if not scene.part and each.tag == "main":
            return each
    return None


def digest(scene, html, language):
    """Of what ``scene`` shows on the page ``html``, in ``language``."""
    with translation.override(language):
        about = f"{scene.part}|{scene.marked}|"
    said = about + "\n".join(_pieces(shown(scene, html)))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _pieces(node):
    classes = " ".join(sorted(node["class"].split()))
    yield f"<{node.tag} {classes}>"
    if node.tag in _NO_WORDS:
        return
    for child in node.inside:
        if isinstance(child, Node):
            yield from _pieces(child)
        elif words := " ".join(child.split()):
            yield _NUMBER.sub("0", words)


def faults(scene, page, language, taken):
    """What is wrong with ``scene``, one sentence each. ``taken``: the list of pictures."""
    if resolve(page.path).view_name != scene.view:
        yield f"{scene.name}: the screen is not {scene.view}"
    seen = shown(scene, page.html)
    if seen is None:
        yield f"{scene.name}: the screen has no part {scene.part}"
        return
    with translation.override(language):
        for word in _named(scene):
            if str(word) not in _said(seen):
                yield f"{scene.name}: the screen does not say {word}"
        if str(scene.title) not in _said(pages.read(page.html)):
            yield f"{scene.name}: the screen is not headed {scene.title}"
    digests = taken.get(scene.name, {}).get(language, {})
    if digests.get("digest") != digest(scene, page.html, language):
        yield f"{scene.name}: its picture in {language} is older than the screen: make guides"


def _named(scene):
    """The labels that steps on ``scene`` name, and the one that is marked."""
    if scene.marked:
        yield scene.marked
    for guide in shelf.GUIDES:
        for step in guide.steps:
            if step.scene == scene:
                yield from step.labels.values()


def _said(node):
    """All words of ``node``; a button that waits for a script is there too."""
    return " ".join(piece for piece in _pieces(node) if not piece.startswith("<"))
