"""Every page, seen in a browser: no barriers, nothing cut off, nothing wrong behind the scenes."""

import pytest

from tests.browser.axe import violations
from tests.browser.person import ENLARGED, PHONE
from tests.every_page import EVERY, LIST
from tests.signing_in import signs_in

pytestmark = pytest.mark.browser

_TOO_WIDE = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= innerWidth) return [];
  const far = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().right > innerWidth + 1);
  return [`${root.scrollWidth} > ${innerWidth}`,
    ...far.slice(0, 5).map((element) => element.outerHTML.slice(0, 150))];
}"""


@pytest.mark.parametrize("kind", EVERY, ids=str)
def test_every_page(kind, person, portal):
    """No axe violation, on a desk and on a phone; no scrolling sideways, not even at 400 %."""
    if kind.role:
        person.signs_in_as(kind.role)
    if kind.status:
        account = portal.account(kind.status, kind.procedure)
        if kind.role:
            person.opens(f"{LIST}?q={account.receipt_number}")
            person.page.click("#result_list th a")
        else:
            signs_in(person, account)
    kind.way(person)
    person.page.wait_for_load_state()
    assert person.status == kind.code

    assert violations(person.page) == []
    for size in (PHONE, ENLARGED):
        person.page.set_viewport_size(size)
        assert person.evaluate(_TOO_WIDE) == []
        if size is PHONE:
            assert violations(person.page) == []
