"""研修用の席 in a browser: made by the worker, printed four on a sheet, put back."""

import re
import time

import pytest

from tests.browser.person import DESK
from tests.browser.test_every_page import has_no_barriers

pytestmark = pytest.mark.browser
_MADE_WITHIN = 90


def test_a_trainer_makes_prints_and_puts_back(person):
    person.opens("/demo/seats/")
    person.fills("席の数", "5")
    person.presses("席を作る")
    person.sees("席を作っています")
    until = time.monotonic() + _MADE_WITHIN
    while not person.page.get_by_text("KNSE0005").count() and time.monotonic() < until:
        person.page.wait_for_timeout(1000)
        person.opens("/demo/seats/")
    has_no_barriers(person)

    person.presses("席のカード")
    has_no_barriers(person)
    person.page.set_viewport_size(DESK)
    sheet = person.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 2
    person.page.emulate_media(media="print")
    cut = "cards => cards.filter(card => card.scrollHeight > card.clientHeight + 1).length"
    assert person.page.eval_on_selector_all(".koss-card", cut) == 0
    person.page.emulate_media(media="screen")

    person.opens("/demo/seats/2/again/")
    has_no_barriers(person)
    person.presses("席を始めに戻す")
    person.sees("席02を始めに戻しました")
    person.opens("/demo/seats/")
    person.sees("席02")
