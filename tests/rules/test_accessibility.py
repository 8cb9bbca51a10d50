"""The statement of accessibility tells of a run that looked at the pages as they are."""

from koss.portal import accessibility
from tests import accessible
from tests.every_page import EVERY


def test_the_last_run_saw_every_kind_of_page_with_this_axe():
    run = accessibility.last_run()

    assert (run.pages, run.axe) == (len(EVERY), accessible.axe_version()), "run: make accessible"


def test_the_statement_says_when_and_how_many(client):
    run = accessibility.last_run()

    page = client.get("/accessibility/").content.decode()

    for said in (f"{run.on.year}年", f"{run.pages}種類", f"axe-core {run.axe}", run.browser):
        assert said in page
