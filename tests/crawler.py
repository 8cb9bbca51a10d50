"""Going everywhere that the links and buttons of a site lead, from one page on."""

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

from tests import pages

# What a query can change about the kind of a page; filters and orders of lists cannot.
_TELLING = {"q", "page", "day", "next", "from"}
# They end what the walk is about.
_ENDS = ("/end/", "/logout/")


class Fault(AssertionError):
    """A page that is no answer: where it was, and the way to it."""


def walk(client, start, *, inside="/"):
    """Open one page of every shape below ``inside`` that ``start`` leads to; returns the paths.

    Links are followed and every button of every form is pressed once, with the fields as they
    stand. Two addresses have the same shape when they differ in digits or in what a query asks.
    Raises Fault for an answer of 500 or above, and for a name that a template does not know.
    """
    waiting, seen, shapes, pressed = [(start, "")], set(), set(), set()
    while waiting:
        path, came_from = waiting.pop(0)
        if _shape(path) in shapes:
            continue
        shapes.add(_shape(path))
        seen.add(path)
        page = read(client.get(path, follow=True), path, came_from)
        waiting += [(each, path) for each in _links(page, path, inside)]
        for form, button in buttons(page):
            target, method, data = sent(form, button, path)
            once = (_shape(target), method, button["name"], button["value"])
            if once in pressed or not target.startswith(inside) or target.endswith(_ENDS):
                continue
            pressed.add(once)
            send = client.post if method == "post" else client.get
            page = read(send(target, data, follow=True), target, f"{button.text} on {path}")
            waiting += [(each, target) for each in _links(page, target, inside)]
    return seen


def _shape(path):
    parts = urlsplit(path)
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    return re.sub(r"\d+", "1", parts.path), frozenset(names & _TELLING)


def read(response, path, came_from):
    """The page of ``response``; raises Fault where it is no answer."""
    where = f"{path} (from {came_from or 'outside'})"
    if response.status_code >= 500:
        raise Fault(f"{where} answered {response.status_code}")
    html = response.content.decode() if "html" in response["Content-Type"] else ""
    if "⟦" in html:
        name = html.partition("⟦")[2].partition("⟧")[0]
        raise Fault(f"{where} uses a name that does not exist: {name}")
    return pages.read(html)


def _links(page, path, inside):
    for link in page.all("a"):
        target = urlsplit(urljoin(path, link["href"]))
        if target.netloc or not target.path.startswith(inside) or target.path.endswith(_ENDS):
            continue
        yield f"{target.path}?{target.query}" if target.query else target.path


def buttons(page):
    """(form, button) for everything on ``page`` that sends a form."""
    for form in page.all("form"):
        for button in form.all("button", "input"):
            submits = button.tag == "button" or button["type"] == "submit"
            if submits and button["type"] != "button" and "disabled" not in button.attributes:
                yield form, button


def sent(form, button, path):
    """(target, method, data) of pressing ``button`` on ``path``, with the fields as they stand."""
    data = {}
    for field in form.all("input", "textarea", "select"):
        name = field["name"]
        unticked = field["type"] in {"checkbox", "radio"} and "checked" not in field.attributes
        if not name or unticked or field["type"] in {"submit", "file"}:
            continue
        chosen = [o["value"] for o in field.all("option") if "selected" in o.attributes]
        value = field.text if field.tag == "textarea" else field["value"]
        data.setdefault(name, []).extend(chosen if field.tag == "select" else [value])
    if button["name"]:
        data[button["name"]] = button["value"]
    target = urlsplit(urljoin(path, button["formaction"] or form["action"] or path)).path
    return target, form["method"].lower(), data
