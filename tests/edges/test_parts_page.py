"""The pages of parts: what the templates and style sheets offer is drawn there, and in order."""

import re

import pytest

from koss import urls
from koss.demo import urls as demo_urls
from tests.house.sources import ROOT
from tests.page_faults import faults
from tests.window import Drawn

# As in demo mode, whose addresses exist only there.
urlpatterns = [*urls.urlpatterns, urls.path("demo/", urls.include(demo_urls))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
# Modifiers of classes in these sheets are drawn, for the word that stands beside is not enough.
_SHEETS = ("panels.css", "states.css", "forms.css")


def not_shown(html):
    """Templates of parts and modifiers of classes that ``html`` does not show."""
    parts = [f"parts/{path.name}" for path in sorted((ROOT / "templates/parts").glob("*.html"))]
    sheets = [(ROOT / "static/koss" / name).read_text() for name in _SHEETS]
    modified = {
        name for sheet in sheets for name in re.findall(r"\.(koss-\w+(?:__\w+)?--[\w-]+)", sheet)
    }
    return [each for each in (*parts, *sorted(modified)) if each not in html]


@pytest.mark.parametrize("path", ["/demo/parts/", "/demo/parts/staff/"])
def test_parts_are_drawn_in_order_and_in_both_schemes(visitor, window, settings, path):
    settings.DEMO = True
    for shown in ("", "?shown=done", "?shown=errors") if path == "/demo/parts/" else ("",):
        visitor.opens(path + shown)
        assert faults(visitor.html, visitor.path) == []
        if window:
            headers = visitor.response.headers
            window.shows(Drawn(visitor.path, visitor.html, visitor.status, headers))
            assert window.faults() == []
    if path == "/demo/parts/":
        visitor.presses("送ってみる")
        visitor.sees("入力内容を確認してください", "一行の文字を入力してください")
        assert visitor.client.post(path, {"presses": ""})["Location"] == path
        assert not_shown(visitor.html) == []
        assert "parts/_notice.html" in not_shown("")
