"""One walk over every kind of page: its code, headers, HTML, links, words and number of queries.

It goes in a language that shows what is translated, and reads past the brackets. A browser, where
there is one, looks at every page in both languages: nothing is cut off, and axe finds no barrier,
nor words that cannot be read in the dark scheme.
Whether the HTML is valid is said at the end of the run, see tests/valid_html.py.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.template.loader import render_to_string

from koss.ground import clock
from tests import pseudo, screens
from tests.browser.person import DESK, PHONE
from tests.every_page import EVERY, LIST, PUBLIC, STATUS_PAGES, begins
from tests.page_faults import faults, links
from tests.page_queries import QUERIES
from tests.signing_in import signs_in
from tests.staff import a_user, signed_in
from tests.watcher import Watcher
from tests.window import Drawn

pytestmark = [pytest.mark.databases, pytest.mark.django_db, pytest.mark.usefixtures("bank")]

# Where links have led before: (who followed it, address).
_followed = set()


def dead_links(visitor, who):
    """The links of the page that answer with an error; what was followed before is left out."""
    found = []
    for address in sorted(links(visitor.html, visitor.path)):
        if (who, address) not in _followed:
            _followed.add((who, address))
            if visitor.client.get(address).status_code >= 400:
                found.append(address)
    return found


@pytest.mark.parametrize("kind", EVERY, ids=str)
def test_every_page(kind, an_application, window):
    client = Watcher()
    if kind.role:
        backend = "django.contrib.auth.backends.ModelBackend"
        client.force_login(a_user(kind.role), backend=backend)
    visitor = pseudo.Reader(client)
    with pseudo.spoken():
        begins(visitor, kind, an_application)

        kind.way(visitor)

        assert visitor.status == kind.code
        assert faults(visitor.html, visitor.path) == []
        assert client.queries == QUERIES[kind.name]
        assert pseudo.faults(visitor.said) == []
        page = Drawn(visitor.path, visitor.html, visitor.status, visitor.response.headers)
        in_english = replace(page, html=visitor.in_english)
        assert dead_links(visitor, kind.role) == []
    if window:
        if not is_alike(kind):
            window.shows(in_english)
            assert window.faults(looked_at=[]) == []
        window.shows(page)
        found = window.faults(looked_at=windows_of(kind), in_the_dark=not is_alike(kind))
        assert found == []
        screens.take(window, kind)


def is_alike(kind):
    """Whether a page is made as others are: its longest words in English and its colours too."""
    return kind in STATUS_PAGES[1:-1]


def windows_of(kind):
    """In which windows axe looks at a page: staff sit at a desk, forms are filled in on phones."""
    if kind.role or kind in STATUS_PAGES:
        return [DESK]
    return [DESK, PHONE] if kind in PUBLIC else [PHONE]


def test_the_numbers_are_those_of_the_pages():
    assert list(QUERIES) == [kind.name for kind in EVERY]


def test_bulk_moves(an_application):
    first, second = an_application("検査申請取り下げ中"), an_application("検査申請審査中")
    client = signed_in("reviewer")
    for action in ("move_confirm_withdrawal", "move_reject"):
        chosen = {"action": action, "_selected_action": [first.pk, second.pk]}

        page = client.post(LIST, chosen).content.decode()

        assert "まとめて処理できない申請" in page
        assert faults(page, LIST) == []


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "500.html"])
def test_pages_for_mishaps(rf, template):
    page = render_to_string(template, request=rf.get("/"))

    assert faults(page) == []


def test_an_inquiry_that_was_idle(visitor, an_application):
    path = signs_in(visitor, an_application("検査申請審査中"))

    with time_machine.travel(clock.system_now() + timedelta(minutes=31)):
        visitor.opens(path)

    visitor.sees("操作がなかったため、照会を終了しました")
    visitor.does_not_see("直前に送ろうとした内容")
    assert faults(visitor.html, path) == []
