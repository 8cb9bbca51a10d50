"""The warning before the idle end: when it comes, and how it comes where no script runs."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from tests.pages import read
from tests.signing_in import signs_in
from tests.staff import signed_in

pytestmark = pytest.mark.django_db


def refresh_of(visitor):
    """(seconds, address) of the refresh in the page, or None."""
    found = [each for each in read(visitor.html).all("meta") if each["http-equiv"] == "refresh"]
    if not found:
        return None
    seconds, _, url = found[0]["content"].partition("; url=")
    return int(seconds), url


def test_without_a_script_a_page_gives_way_in_time_and_leads_back(visitor, an_application):
    page = signs_in(visitor, an_application("検査申請補正待ち", fields_to_correct=("plate",)))

    seconds, address = refresh_of(visitor)
    # The server may have noted the last request a step before, and still two minutes are left.
    left = settings.KOSS_IDLE_MINUTES * 60 - settings.IDLE_STEP_SECONDS - seconds
    assert left == settings.IDLE_WARNING_SECONDS == 120
    assert parse_qs(urlsplit(address).query) == {"back": [page]}
    visitor.opens(address)
    visitor.sees("まもなく自動的に終了します", "あと2分ほど")
    visitor.presses("続ける")
    assert visitor.path == page
    visitor.presses("申請を補正する")
    assert refresh_of(visitor) is None


@pytest.mark.parametrize("back", ["", "//elsewhere.example/", "https://elsewhere.example/"])
def test_it_leads_nowhere_else(client, back):
    assert client.get("/idle/", {"back": back}).status_code == 404


def test_staff_are_warned_too_and_stay_by_a_small_request():
    page = read(signed_in("reviewer").get("/admin/").content.decode())
    [dialog] = [each for each in page.all("dialog") if each["data-koss-idle"]]

    assert dialog["data-koss-idle"] == str(settings.SESSION_COOKIE_AGE)
    assert signed_in("operator").head(dialog["data-koss-keep-alive"]).status_code == 200
