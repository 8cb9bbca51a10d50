"""The browser, the portal it looks at, and the people who use it."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.person import Person, new_context
from tests.browser.portal import Portal
from tests.prepared import prepare


@pytest.fixture(scope="session")
def portal(tmp_path_factory, django_db_setup):
    """The portal with its demo world; every worker of a test run has its own."""
    with Portal(prepare(tmp_path_factory.mktemp("portal"))).running() as portal:
        yield portal


# No longer than one module: while Playwright runs, Django takes the thread for an asynchronous one
# and would refuse the database to the tests of other modules.
@pytest.fixture(scope="module")
def chromium(chromium_path):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            # People's browsers keep the page they came from; so must this one.
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield browser
        browser.close()


@pytest.fixture
def a_person(chromium, portal):
    """``a_person(kind_of_person, **context)``: somebody at a browser of their own.

    At the end nobody may have a complaint.
    """
    people = []

    def come(kind=Person, **options):
        people.append(kind(new_context(chromium, **options), portal.origin))
        return people[-1]

    yield come
    complaints = [complaint for person in people for complaint in person.complaints]
    for person in people:
        person.context.close()
    assert complaints == []


@pytest.fixture
def person(a_person):
    return a_person()
