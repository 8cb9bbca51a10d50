"""Keys of who works through a list: off at first, heard by no field, and never the browser's."""

import pytest

from tests.every_page import LIST

pytestmark = pytest.mark.browser


def focused(person):
    return person.page.evaluate("document.activeElement.textContent.trim()")


def test_keys_walk_the_list_and_go_on(person):
    person.signs_in_as("reviewer")
    person.opens(f"{LIST}?work=mine")
    numbers = person.page.locator("#result_list tbody th a").all_inner_texts()
    keyboard = person.page.keyboard

    keyboard.press("j")
    assert focused(person) not in numbers
    person.presses("キー操作を使う")
    person.page.locator("body").focus()
    keyboard.press("j")
    keyboard.press("j")
    keyboard.press("k")
    assert focused(person) == numbers[0]
    person.page.fill("#searchbar", "")
    person.page.locator("#searchbar").press("j")
    assert person.page.input_value("#searchbar") == "j"
    assert focused(person) not in numbers
    person.page.locator("#result_list tbody th a").first.focus()
    with person.page.expect_navigation():
        keyboard.press("Enter")
    person.sees("何もせずに次の申請へ")
    here = person.path
    with person.page.expect_navigation():
        keyboard.press("n")
    assert person.path != here
    with person.page.expect_navigation():
        keyboard.press("u")
    assert person.path.startswith(LIST)
    assert "work=mine" in person.page.url
