"""Somebody who uses the portal by the words on the screen, without JavaScript.

Links, buttons and fields are found only by what a reader sees, so a test that follows a manual
also proves that labels are attached and that every button leads somewhere.
"""

from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tests import pages
from tests.valid_html import note

_TYPED = {"text", "password", "email", "number", "date", "search", "tel", ""}


class Visitor:
    """One browser. ``page`` is what it shows, ``status`` the last response's code."""

    def __init__(self, client=None):
        self.client = client or Client()
        self.path = "/"
        self.typed = {}
        self.ticked = set()

    def opens(self, path):
        self._arrive(self.client.get(path, follow=True), path)

    def presses(self, words):
        """Press the one link or button that says exactly ``words``."""
        pressed = self._one(words)
        if pressed.tag == "a":
            self.opens(urljoin(self.path, pressed["href"]))
        else:
            self._submit(pressed)

    def fills(self, label, value):
        """Type ``value`` into the field that ``label`` belongs to."""
        field = self.field(label)
        assert "disabled" not in field.attributes, f"{label} cannot be filled in"
        self.typed[field["name"]] = value

    def chooses(self, label):
        """Mark the one radio button that ``label`` stands beside."""
        chosen = self.field(label)
        assert chosen["type"] == "radio"
        self.typed[chosen["name"]] = chosen["value"]

    def ticks(self, label):
        """Tick the one box that ``label`` stands beside."""
        box = self.field(label)
        assert box["type"] == "checkbox"
        self.ticked.add(box["id"])

    def field(self, label):
        """The field whose label says ``label``."""
        targets = [
            each["for"]
            for each in self.page.all("label")
            if each.text.removesuffix("必須").strip() == label
        ]
        fields = [f for f in self.page.all("input", "textarea", "select") if f["id"] in targets]
        assert len(fields) == 1, f"{len(fields)} fields are labelled {label!r}"
        return fields[0]

    def sees(self, *words):
        for each in words:
            assert each in self.page.text, f"{each!r} is not on the page:\n{self.page.text}"

    def sees_in_order(self, *words):
        """All of ``words``, one after the other."""
        rest = self.page.text
        for each in words:
            before, found, rest = rest.partition(each)
            assert found, f"{each!r} does not follow:\n{before}"

    def does_not_see(self, *words):
        for each in words:
            assert each not in self.page.text, f"{each!r} is on the page:\n{self.page.text}"

    def can_press(self, words):
        return any("disabled" not in each.attributes for each in self._pressable(words))

    def rows(self):
        """The description lists of the page: [(term, value), …] in order."""
        terms = list(self.page.all("dt", "dd"))
        return [
            (term.text, value.text)
            for term, value in pairwise(terms)
            if (term.tag, value.tag) == ("dt", "dd")
        ]

    def table(self, caption):
        """(column headings, rows of cell texts) of the table with this caption."""
        [table] = [
            t
            for t in self.page.all("table")
            if any(each.text == caption for each in t.all("caption"))
        ]
        headings = [each.text for head in table.all("thead") for each in head.all("th")]
        body = [
            [cell.text for cell in row.all("td", "th")]
            for part in table.all("tbody")
            for row in part.all("tr")
        ]
        return headings, body

    def _pressable(self, words):
        return [
            each
            for each in self.page.all("a", "button")
            if each.text == words and (each.tag == "button" or each["href"])
        ]

    def _one(self, words):
        found = [each for each in self._pressable(words) if "disabled" not in each.attributes]
        targets = {(each.tag, each["href"]) for each in found}
        assert len(targets) == 1, f"{len(targets)} ways to press {words!r} on:\n{self.page.text}"
        return found[0]

    def _submit(self, button):
        form = button.inside_of("form")
        assert form, f"{button.text!r} belongs to no form"
        data = {}
        for name, value in self._values(form):
            data.setdefault(name, []).append(value)
        if button["name"]:
            data[button["name"]] = button["value"]
        action = urljoin(self.path, button["formaction"] or form["action"] or self.path)
        send = self.client.post if form["method"].lower() == "post" else self.client.get
        self._arrive(send(action, data, follow=True), action)

    def _values(self, form):
        for field in form.all("input", "textarea", "select"):
            name, kind = field["name"], field["type"]
            if not name or "disabled" in field.attributes:
                continue
            if field.tag == "input" and kind == "radio" and name in self.typed:
                if field["value"] == self.typed[name]:
                    yield name, self.typed[name]
            elif field.tag == "input" and kind in {"checkbox", "radio"}:
                if "checked" in field.attributes or field["id"] in self.ticked:
                    yield name, field["value"] or "on"
            elif field.tag == "select":
                chosen = [o["value"] for o in field.all("option") if "selected" in o.attributes]
                yield name, self.typed.get(name, chosen[0] if chosen else "")
            elif kind == "hidden" or field.tag == "textarea" or kind in _TYPED:
                shown = field["value"] if field.tag == "input" else field.text
                yield name, self.typed.get(name, shown)

    def _arrive(self, response, path):
        self.response, self.status, self.typed = response, response.status_code, {}
        self.ticked = set()
        self.path = response.redirect_chain[-1][0] if response.redirect_chain else path
        self.path = urlsplit(self.path).path
        html = response.content.decode() if "html" in response["Content-Type"] else ""
        assert self.status < 500, f"{self.path} answered {self.status}"
        assert "⟦" not in html, f"{self.path} uses a name that does not exist"
        if html and "/admin/" not in self.path:
            note(html.replace("\0", ""), self.path)  # as typed, a NUL comes back
        self.html, self.page = html, pages.read(html)


@pytest.fixture
def visitor():
    return Visitor()
