"""Every page is valid HTML, and built so that it can be read out and found one's way in."""

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.template.loader import render_to_string

from koss import clock
from tests import pages
from tests.every_page import EVERY, LIST, begins
from tests.signing_in import signs_in
from tests.staff import signed_in
from tests.valid_html import problems
from tests.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


def faults(html):
    """What is wrong with a page, one sentence each."""
    page = pages.read(html)
    return [*problems(html), *_headings(page), *_tables(page), *_buttons(page)]


def _headings(page):
    levels = [int(each.tag[1]) for each in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
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


@pytest.mark.parametrize("kind", EVERY, ids=str)
def test_every_page(kind, an_application):
    visitor = Visitor(signed_in(kind.role) if kind.role else None)
    begins(visitor, kind, an_application)

    kind.way(visitor)

    assert visitor.status == kind.code
    assert faults(visitor.html) == []


def test_bulk_moves(an_application):
    first, second = an_application("検査申請取り下げ中"), an_application("検査申請審査中")
    client = signed_in("reviewer")
    for action in ("move_confirm_withdrawal", "move_reject"):
        chosen = {"action": action, "_selected_action": [first.pk, second.pk]}

        page = client.post(LIST, chosen).content.decode()

        assert "まとめて処理できない申請" in page
        assert faults(page) == []


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "500.html"])
def test_pages_for_mishaps(rf, template):
    page = render_to_string(template, request=rf.get("/"))

    assert faults(page) == []


def test_an_inquiry_that_was_idle(visitor, an_application):
    path = signs_in(visitor, an_application("検査申請審査中"))

    with time_machine.travel(clock.system_now() + timedelta(minutes=31)):
        visitor.opens(path)

    visitor.sees("操作がなかったため、照会を終了しました")
    assert faults(visitor.html) == []
