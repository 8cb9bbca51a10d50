"""Pages as full as the demo world makes them, and large letters, seen in a browser.

That no page has barriers or is cut off, tests/edges/test_every_page.py sees with a row or two.
"""

import pytest

from tests import money_pages
from tests.browser.axe import violations
from tests.browser.person import DESK, ENLARGED, PHONE, Person, new_context
from tests.every_page import EVERY, LIST, Kind
from tests.signing_in import signs_in, signs_in_to_pay
from tests.ways import opens

pytestmark = pytest.mark.browser

FULL = {
    *("targets: list", "batches: list", "direct: list", "direct: orders", "applications"),
    *("admin: list", "admin: mails", "admin: history", "admin: payment users"),
}
KINDS = [
    *(kind for kind in EVERY if kind.name in FULL),
    Kind("demo", opens("/demo/")),
    Kind("seats", opens("/demo/seats/")),
    Kind("log of requests", opens("/demo/log/")),
    Kind("admin: refund", money_pages.opens_first("refund"), role="operator"),
]
IN_LARGE_LETTERS = {
    "top page",
    "faq",
    "login with an error",
    "continued_inspection: awaiting_correction",
    "correction with an error",
}


@pytest.fixture(scope="module")
def used_browser(chromium):
    """A browser that has loaded style and scripts before, as nearly every page finds it."""
    context = new_context(chromium)
    yield context
    context.close()


@pytest.fixture
def person(used_browser, portal):
    person = Person(used_browser, portal.origin)
    yield person
    person.leaves()
    assert person.complaints == []


@pytest.fixture(scope="module")
def cookies():
    """Cookies of those who have signed in, by who it was and where they came to."""
    return {}


def comes_back(person, cookies, who, signs_in):
    """Sign in, or go on where ``who`` has signed in before and did not end it."""
    if who in cookies:
        kept, path = cookies[who]
        person.context.add_cookies(kept)
        person.opens(path)
        if person.path == path and person.status == 200:
            return
        person.context.clear_cookies()
    signs_in(person)
    cookies[who] = person.context.cookies(), person.path


def goes_to(person, kind, portal, cookies):
    if kind.role:
        comes_back(person, cookies, kind.role, lambda person: person.signs_in_as(kind.role))
    if kind.payer:
        comes_back(person, cookies, "payer", signs_in_to_pay)
    elif kind.status:
        account = portal.account(kind.status, kind.procedure)
        if kind.role:
            person.opens(f"{LIST}?q={account.receipt_number}")
            person.page.click("#result_list tbody th a")
        else:
            signs_in(person, account)
    kind.way(person)
    person.page.wait_for_load_state()


def has_no_barriers(person, *, looked_at=(DESK, PHONE)):
    """No scrolling sideways at any size; no axe violation in the windows ``looked_at``."""
    for size in (DESK, PHONE, ENLARGED):
        person.page.set_viewport_size(size)
        assert person.sideways() == []
        if size in looked_at:
            assert violations(person.page) == []


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_full_pages(kind, person, portal, cookies):
    goes_to(person, kind, portal, cookies)

    assert person.status == kind.code
    has_no_barriers(person)


@pytest.mark.parametrize("kind", [each for each in EVERY if each.name in IN_LARGE_LETTERS], ids=str)
def test_in_large_letters(kind, person, portal, cookies):
    person.context.add_cookies([{"name": "text_size", "value": "l", "url": person.origin}])

    goes_to(person, kind, portal, cookies)

    assert person.page.locator("html").get_attribute("data-size") == "l"
    has_no_barriers(person, looked_at=[PHONE])


def test_bulk_moves(person):
    person.signs_in_as("reviewer")
    person.opens(f"{LIST}?status__exact=in_review")
    for box in person.page.get_by_role("checkbox").all()[1:3]:
        box.check()
    person.page.select_option("[name=action]", "move_reject")

    person.presses("実行")
    person.presses("却下する")

    person.sees("入力を確かめてください")
    has_no_barriers(person)


def test_the_next_morning(person):
    person.opens("/demo/")

    person.presses("翌朝へ進める")

    person.sees_in_order("夜間処理の結果", "状況の変わった申請", "検査申請無効", "書かれたメール")
    has_no_barriers(person)
