"""A page as searching has it: cut where its headings can be linked to."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
_INLINE = {"a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "sub", "sup", "time"}
_HEADINGS = {"h2", "h3"}
_CONTAINERS = {"article", "div", "section"}
# What leads elsewhere, is pressed, or belongs to the frame is no text of a page.
_LEFT_OUT = {"aside", "button", "dialog", "h1", "nav", "script", "select", "style", "svg"}
_LEFT_OUT_CLASSES = {"koss-actions", "koss-back", "koss-hidden", "koss-no-print"}
_READING = "koss-term__reading"


@dataclass(slots=True)
class Section:
    """``anchor`` and ``heading`` are "" for what stands before the first heading.

    ``reading``: of a word of 用語集, as it stands beside the word.
    """

    anchor: str = ""
    pieces: dict[str, list] = field(
        default_factory=lambda: {"heading": [], "reading": [], "text": []}
    )

    def _said(self, part):
        return " ".join("".join(self.pieces[part]).split())

    @property
    def heading(self):
        return self._said("heading")

    @property
    def reading(self):
        return self._said("reading")

    @property
    def text(self):
        return self._said("text")


@dataclass(slots=True)
class _Open:
    """An element that is open. ``above``: the section that goes on after it."""

    tag: str
    anchor: str
    above: Section
    part: str
    is_seen: bool


class _Cutter(HTMLParser):
    def __init__(self):
        super().__init__()
        self.sections = []
        self._open = []
        self._here = Section()

    def handle_starttag(self, tag, attrs):
        if not self._open and tag != "main":
            return
        if tag not in _INLINE:
            self._say(" ")
        if tag in _VOID:
            return
        attributes = dict(attrs)
        inner = self._entered(tag, attributes)
        if not self._open:
            self.sections.append(self._here)
        elif tag in _HEADINGS and inner.is_seen:
            self._begin(inner, attributes.get("id") or "")
        self._open.append(inner)

    def handle_endtag(self, tag):
        if tag in _VOID or not any(each.tag == tag for each in self._open):
            return
        while (closed := self._open.pop()).tag != tag:
            pass
        if tag not in _HEADINGS:
            self._here = closed.above
        if tag not in _INLINE:
            self._say(" ")

    def handle_data(self, data):
        self._say(data)

    def _entered(self, tag, attributes):
        outer = self._open[-1] if self._open else _Open("", "", self._here, "text", True)
        classes = set((attributes.get("class") or "").split())
        unseen = tag in _LEFT_OUT or "hidden" in attributes or classes & _LEFT_OUT_CLASSES
        part = "reading" if _READING in classes else outer.part
        anchor = (attributes.get("id") or "") if tag in _CONTAINERS else ""
        return _Open(tag, anchor, self._here, part, outer.is_seen and not unseen)

    def _begin(self, heading, own):
        """A new section, where something can be linked to: what is around it, or the heading."""
        around = next((each for each in reversed(self._open) if each.anchor), None)
        anchor = around.anchor if around else own
        if not anchor:
            return
        if around:
            around.anchor = ""  # its next headings are below this one
        self._here = Section(anchor)
        self.sections.append(self._here)
        heading.part = "heading"

    def _say(self, words):
        if self._open and self._open[-1].is_seen:
            self._here.pieces[self._open[-1].part].append(words)


def sections_of(html):
    """The sections of a page, the one before its first heading first; in the order of the page."""
    cutter = _Cutter()
    cutter.feed(html)
    return cutter.sections
