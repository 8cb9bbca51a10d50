"""What may be wrong with a page beside its HTML: headings, tables, buttons, policy and links."""

import re
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

from django.contrib.staticfiles import finders
from django.urls import Resolver404, resolve

from tests import pages
from tests.valid_html import note

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def faults(html, path="/"):
    """What is wrong with the page at ``path``, one sentence each. Follows no link.

    What is not valid HTML is said at the end of the run.
    """
    note(html, path)
    page = pages.read(html)
    return [
        *_headings(page),
        *_tables(page),
        *_buttons(page),
        *_policy(html),
        *_fragments(page),
        *_addresses(page, path),
        *_refreshes(page),
    ]


def links(html, path):
    """The portal's own addresses that the page at ``path`` links to, without fragments."""
    hrefs = (each["href"] for each in pages.read(html).all("a"))
    found = (urljoin(path, href) for href in hrefs if href and not href.startswith("#"))
    return {each.partition("#")[0] for each in found if _is_own(each)}


def _headings(page):
    levels = [int(each.tag[1]) for each in page.all(*_HEADINGS)]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of level 1"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def _tables(page):
    for heading in page.all("th"):
        lists_of_django = heading.inside_of("table")["id"] == "result_list"
        if heading.text and not heading["scope"] and not lists_of_django:
            yield f"<th>{heading.text}</th> says neither row nor column"


def _buttons(page):
    for button in page.all("button"):
        if not (button.text or button["aria-label"] or "hidden" in button.attributes):
            yield "a button without words"


def _policy(html):
    for attribute in re.findall(r"<[a-z][^>]*\s(style|on[a-z]+)=", html):
        yield f"the content policy refuses {attribute}="


def _refreshes(page):
    """A page that gives way by itself may hold nothing that somebody was typing or choosing."""
    if any(each["http-equiv"] == "refresh" for each in page.all("meta")):
        for field in page.all("input", "textarea", "select"):
            if field["type"] not in {"hidden", "search"} and field.inside_of("main"):
                yield f"it refreshes while {field['name']} may be typed"


def _fragments(page):
    ids = {each["id"] for each in page.all()}
    for link in page.all("a"):
        if link["href"].startswith("#") and link["href"][1:] not in ids:
            yield f"{link['href']} leads nowhere"


def _addresses(page, path):
    """Forms and files; whether a link leads somewhere is seen by following it."""
    for name, tags in {
        "action": ("form",),
        "formaction": ("button", "input"),
        "src": ("script", "img"),
        "href": ("link",),
    }.items():
        for element in page.all(*tags):
            address = urljoin(path, element[name])
            if element[name] and _is_own(address) and not _is_served(urlsplit(address).path):
                yield f"{element[name]} is not served"


def _is_own(address):
    return not urlsplit(address).scheme and not urlsplit(address).netloc


def _is_served(path):
    if path.startswith("/static/"):
        return finders.find(path.removeprefix("/static/")) is not None
    try:
        return resolve(path) is not None
    except Resolver404:
        return False
