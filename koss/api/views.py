"""The description for programs, and what people read about it."""

from functools import cache
from itertools import pairwise
from pathlib import Path

from django.http import JsonResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from koss.api import description
from koss.api.problems import KINDS, Problem
from koss.api.versions import V1

_DOCS = Path(__file__).parents[2] / "docs"
_GUIDES = {"ja": _DOCS / "api.md", "en": _DOCS / "api.en.md"}


def openapi(request):
    """The description of version 1 (OpenAPI 3.1)."""
    if request.method not in ("GET", "HEAD"):
        return Problem("method_not_allowed", headers={"Allow": "GET, HEAD"}).response()
    return JsonResponse(
        description.describe(V1),
        json_dumps_params={"ensure_ascii": False},
        headers={"Access-Control-Allow-Origin": "*"},
    )


openapi.csrf_exempt = True


@require_safe
def guide(request):
    """docs/api.md as a page, or docs/api.en.md."""
    return render(request, "pages/api_guide.html", {"guide": guide_in_html(get_language())})


@require_safe
def reference(request):
    """Every operation, to try out."""
    return render(request, "pages/api_reference.html")


@cache
def guide_in_html(language):
    """The guide in ``language`` as HTML. It is ours, and raw HTML in it stays text.

    The page has the heading of level 1 already. Headings can be linked by their Japanese words in
    both languages, the rows of problems by their codes: the ``type`` of every problem leads to one.
    """
    markdown, tokens = _read(_GUIDES.get(language, _GUIDES["ja"]))
    anchors = iter(_headings(_read(_GUIDES["ja"])[1]))
    row = None
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", next(anchors))
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "tr_open":
            row = token
        elif token.type == "td_open" and row:
            if (code := following.content.strip("`")) in KINDS:
                row.attrSet("id", code)
            row = None
    html = markdown.renderer.render(tokens, markdown.options, {})
    # What is wider than a phone is scrolled, by keyboard too.
    for wide in ("pre", "table"):
        html = html.replace(f"<{wide}>", f'<{wide} tabindex="0">')
    return mark_safe(html)


def _read(guide):
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    _title, _line, rest = guide.read_text().partition("\n")
    return markdown, markdown.parse(rest)


def _headings(tokens):
    return [
        following.content for token, following in pairwise(tokens) if token.type == "heading_open"
    ]
