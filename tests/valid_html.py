"""Whether a page is valid HTML: ``problems(page)`` names what is not.

html5lib's parser finds what breaks the syntax; the tables in ``tests/html_rules.py`` add what the
standard says about elements, attributes and their values, for the part of HTML that this portal
uses. An element that the tables do not know is a problem too: look it up and add it.
"""

import re
from collections import Counter
from datetime import date, datetime, time

import html5lib
from html5lib.constants import E as SYNTAX

from tests import html_rules as rules

_HTML = "{http://www.w3.org/1999/xhtml}"
_REFERENCES = (
    "for", "form", "headers", "list",
    "aria-activedescendant", "aria-controls", "aria-describedby", "aria-details",
    "aria-errormessage", "aria-flowto", "aria-labelledby", "aria-owns",
)  # fmt: skip


def problems(page):
    """What is wrong with the text of a whole page, one sentence each; empty when it is valid."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=True)
    root = parser.parse(page)
    found = [f"line {line}: {SYNTAX[code] % values}" for (line, _), code, values in parser.errors]
    return found + _Check(root).found


def _name(element):
    """The tag of an HTML element; None for comments and for what is inside an SVG."""
    tag = element.tag
    return tag.removeprefix(_HTML) if isinstance(tag, str) and tag.startswith(_HTML) else None


def _children(element):
    return [child for child in element if isinstance(child.tag, str)]


def _text(element):
    return " ".join("".join(element.itertext()).split())


class _Check:
    """One walk over a page."""

    def __init__(self, root):
        self.found = []
        everything = [element for element in root.iter() if isinstance(element.tag, str)]
        ids = Counter(element.get("id") for element in everything if element.get("id") is not None)
        self.by_id = {element.get("id"): element for element in everything if element.get("id")}
        self.found += [f'id="{name}" stands {n} times' for name, n in ids.items() if n > 1]
        self.document(root)
        self.visit(root, ())

    def say(self, element, text):
        attributes = "".join(
            f' {name}="{element.get(name)}"'
            for name in ("id", "name", "class")
            if element.get(name)
        )
        self.found.append(f"<{_name(element)}{attributes}>: {text}")

    def document(self, root):
        if not root.get("lang"):
            self.say(root, "names no language")
        titles = list(root.iter(f"{_HTML}title"))
        if [bool(_text(title)) for title in titles] != [True]:
            self.say(root, "needs exactly one title with words in it")
        mains = [main for main in root.iter(f"{_HTML}main") if main.get("hidden") is None]
        if len(mains) > 1:
            self.say(root, "has more than one main")

    def visit(self, element, above):
        name = _name(element)
        if name is None:
            return  # an SVG has rules of its own
        if name not in rules.ELEMENTS:
            self.say(element, "is not in tests/html_rules.py")
            return
        self.attributes(element, name)
        self.place(element, name, above)
        self.content(element, name, above)
        special = getattr(self, f"visit_{name}", None)
        if special:
            special(element)
        for child in _children(element):
            self.visit(child, (*above, name))

    # Attributes

    def attributes(self, element, name):
        for attribute, value in element.attrib.items():
            if isinstance(attribute, str) and not self.is_allowed(name, attribute):
                self.say(element, f"cannot have {attribute}")
            elif attribute in rules.BOOLEAN and value not in ("", attribute):
                self.say(element, f'{attribute}="{value}" means the same as {attribute}')
            elif not self.is_good(name, attribute, value):
                self.say(element, f'bad value {attribute}="{value}"')
        for attribute in rules.REQUIRED.get(name, ()):
            if element.get(attribute) is None:
                self.say(element, f"needs {attribute}")
        for attribute in _REFERENCES:
            for reference in (element.get(attribute) or "").split():
                if reference not in self.by_id:
                    self.say(element, f'{attribute}="{reference}" leads nowhere')
        if name in rules.NAMELESS and element.get("role") is None:
            needy = rules.ARIA - rules.ARIA_FOR_ALL | {"aria-label", "aria-labelledby"}
            for attribute in needy & set(element.attrib):
                self.say(element, f"needs a role before it can have {attribute}")

    def is_allowed(self, name, attribute):
        if attribute.startswith("data-"):
            return True
        if attribute.startswith("aria-"):
            return attribute in rules.ARIA
        return attribute in rules.GLOBAL or attribute in rules.ELEMENTS[name][1]

    def is_good(self, name, attribute, value):
        pattern = rules.VALUES.get((name, attribute)) or rules.VALUES.get(attribute)
        return pattern is None or re.fullmatch(pattern, value) is not None

    # Where an element may stand, and what may stand in it

    def place(self, element, name, above):
        for outer, inner in rules.NEVER_INSIDE.items():
            if outer in above and (name in inner or (name == "a" and outer in ("a", "button"))):
                self.say(element, f"cannot be inside <{outer}>")
        if self.is_interactive(element, name):
            for outer in ("a", "button"):
                if outer in above:
                    self.say(element, f"cannot be inside <{outer}>")

    def is_interactive(self, element, name):
        if name == "input":
            return element.get("type") != "hidden"
        return name in rules.INTERACTIVE

    def content(self, element, name, above):
        model = rules.ELEMENTS[name][0]
        if model is rules.TRANSPARENT:
            outer = (rules.ELEMENTS[tag][0] for tag in reversed(above))
            model = next(found for found in outer if found is not rules.TRANSPARENT)
        if name == "div" and above[-1] == "dl":
            model = rules.GROUP
        children = [tag for tag in map(_name, _children(element)) if tag not in (None, "script")]
        for tag in children:
            if tag not in model.children:
                self.say(element, f"cannot contain <{tag}>")
        own_text = (element.text or "") + "".join(child.tail or "" for child in element)
        if not model.text and own_text.strip():
            self.say(element, f"cannot contain text: {own_text.strip()[:40]}")
        for only_first in ("summary", "legend", "caption"):
            if only_first in children[1:]:
                self.say(element, f"can have <{only_first}> only as its first child")

    # Elements with a rule of their own

    def visit_a(self, element):
        href = element.get("href")
        if href and href.startswith("#") and len(href) > 1 and href[1:] not in self.by_id:
            self.say(element, f'href="{href}" leads nowhere')

    def visit_details(self, element):
        if [_name(child) for child in _children(element)][:1] != ["summary"]:
            self.say(element, "begins with a summary")

    def visit_dl(self, element):
        names = [_name(child) for child in _children(element)]
        if "div" in names and set(names) != {"div"}:
            self.say(element, "has its groups either all in <div> or none")
        if "div" not in names:
            self.group(element, names)
        for child in _children(element):
            if _name(child) == "div":
                inner = [_name(part) for part in _children(child)]
                self.group(child, inner)

    def group(self, element, names):
        letters = "".join({"dt": "t", "dd": "d"}.get(name, "x") for name in names)
        if not re.fullmatch(r"(t+d+)*", letters):
            self.say(element, "is made of <dt> and then <dd>")

    def visit_input(self, element):
        kind = element.get("type", "text")
        for attribute in element.attrib:
            kinds = rules.INPUT_ONLY.get(attribute)
            if kinds and kind not in kinds:
                self.say(element, f"of type {kind} cannot have {attribute}")

    def visit_label(self, element):
        inside = [part for part in element.iter() if _name(part) in rules.LABELABLE]
        inside = [part for part in inside if part.get("type") != "hidden"]
        target = self.by_id.get(element.get("for"))
        if len(inside) > 1:
            self.say(element, "contains more than one field")
        if target is not None and _name(target) not in rules.LABELABLE:
            self.say(element, "is for something that is no field")
        if target is not None and inside and inside != [target]:
            self.say(element, "is for another field than the one in it")

    def heading(self, element):
        if not _text(element) and not list(element.iter(f"{_HTML}img")):
            self.say(element, "is empty")

    visit_h1 = visit_h2 = visit_h3 = visit_h4 = visit_h5 = visit_h6 = heading

    def visit_table(self, element):
        taken = Counter()  # how many rows below still belong to a cell above, by column
        widths = set()
        for row in element.iter(f"{_HTML}tr"):
            column = 0
            down = Counter()
            for cell in _children(row):
                while taken[column] > 0:
                    column += 1
                for _ in range(int(cell.get("colspan", 1))):
                    down[column] = int(cell.get("rowspan", 1)) - 1
                    column += 1
            widths.add(max([column, *(place + 1 for place, left in taken.items() if left > 0)]))
            taken = Counter({place: left - 1 for place, left in taken.items() if left > 0}) + down
        if len(widths) > 1:
            self.say(element, f"has rows of different widths: {sorted(widths)}")
        if any(left > 0 for left in taken.values()):
            self.say(element, "has a rowspan beyond its last row")

    def visit_option(self, element):
        if not _text(element) and not element.get("label"):
            self.say(element, "needs words or a label")

    def visit_select(self, element):
        if element.get("required") is None or element.get("multiple") is not None:
            return
        first = next(iter(element.iter(f"{_HTML}option")), None)
        if first is None or first.get("value", _text(first)):
            self.say(element, 'that is required begins with an option of value=""')

    def visit_time(self, element):
        value = element.get("datetime", _text(element))
        for read in (date.fromisoformat, datetime.fromisoformat, time.fromisoformat):
            try:
                read(value)
            except ValueError:
                continue
            return
        if not re.fullmatch(r"\d{4}(-\d\d)?|P(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?", value):
            self.say(element, f"says no moment a machine can read: {value}")
