"""What a guide is made of: steps, the labels that they name, and the screen each is done on."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe


class Scene(NamedTuple):
    """A screen as a step has it before it. Two steps with the same scene share its picture.

    ``name``: of the picture. ``view``: the name of the screen's address. ``title``: its heading.
    ``part``: the id of the heading of the panel that is shown, "" for the whole screen.
    ``marked``: the label of what is pressed there, None where nothing is.
    """

    name: str
    view: str
    title: Promise
    part: str = ""
    marked: Promise | None = None


class GuideStep(NamedTuple):
    """One thing to do. ``says`` names each of ``labels`` in its place, as ``%(name)s``.

    ``scene``: None where nothing of the portal is on the screen. ``note``: what to know there.
    """

    says: Promise
    labels: dict[str, Promise] = {}
    scene: Scene | None = None
    note: Promise | str = ""

    def sentence(self):
        """HTML in the language that is active; a label stands out."""
        labels = {name: format_html("<b>{}</b>", word) for name, word in self.labels.items()}
        said = conditional_escape(self.says)
        return mark_safe(said % labels) if labels else said


class Guide(NamedTuple):
    """One guide. ``entrance``: the name of the address where it begins.

    ``about``: what it is for. ``needs``: what to have at hand.
    """

    name: str
    path: str
    title: Promise
    about: Promise
    needs: tuple[Promise, ...]
    entrance: str
    steps: tuple[GuideStep, ...]
