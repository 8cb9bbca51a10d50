"""画面の配色: chosen without a script, kept, and drawn into the pages that are kept too."""

import pytest
from django.test import Client

from koss.ground import drawn
from koss.portal import kept_pages
from payments.sandbox import schemes as of_the_bank
from tests import pages

pytestmark = pytest.mark.django_db
_DEVICE = "screen and (prefers-color-scheme: dark)"


@pytest.fixture(autouse=True)
def keeps(monkeypatch):
    monkeypatch.setattr(drawn, "KEEPS", True)
    kept_pages.drop()
    yield
    kept_pages.drop()


def dark_sheets(client, path):
    """(file, media) of each dark sheet that the page links."""
    links = pages.read(client.get(path).content.decode()).all("link")
    dark = [link for link in links if "dark" in link["href"]]
    return [(link["href"].rpartition("/")[2], link["media"]) for link in dark]


@pytest.mark.parametrize(
    ("path", "names"), [("/", ["dark.css"]), ("/admin/login/", ["dark.css", "admin_dark.css"])]
)
def test_each_choice_and_each_reader_has_its_own_sheets(path, names):
    other, client = Client(), Client()
    for chosen, media in (("dark", "screen"), ("light", ""), ("device", _DEVICE)):
        place = f"{path}#koss-schemes"
        response = client.post("/scheme/", {"scheme": chosen, "next": place})
        assert (response.status_code, response["Location"]) == (302, place)
        found = dark_sheets(client, path)
        assert found == [(name, media) for name in names if media]
        assert dark_sheets(other, path) == [(name, _DEVICE) for name in names]


@pytest.mark.parametrize("chosen", ["", "xx", "screen"])
def test_what_is_no_scheme_is_not_kept(client, chosen):
    client.post("/scheme/", {"scheme": chosen, "next": "/"})

    assert "scheme" not in client.cookies
    client.cookies["scheme"] = chosen
    assert dark_sheets(client, "/") == [("dark.css", _DEVICE)]


def test_the_bank_goes_by_the_same_choice(rf):
    request = rf.post("/scheme/", {"scheme": "dark", "next": "/atm/"})
    response = of_the_bank.choose(request)
    assert (response.cookies["scheme"].value, response["Location"]) == ("dark", "/atm/")
    request = rf.get("/atm/")
    request.COOKIES["scheme"] = "dark"

    assert of_the_bank.frame(request)["dark_in"] == "screen"
    assert not of_the_bank.frame(rf.post("/atm/"))["this_address"]
