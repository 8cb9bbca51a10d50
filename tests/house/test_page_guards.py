"""The guards of the walks over all pages find what they are to find."""

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.urls import path

import koss.urls
from tests import page_faults, watcher
from tests.visitor import Visitor

SOUND = (
    '<h1 id="a">x</h1><h2>y</h2><a href="#a">z</a><form action="/news/"><button>b</button></form>'
)
PLANTED = {
    "<h1>x</h1><h1>y</h1>": "2 headings of level 1",
    "<h1>x</h1><h3>y</h3>": "a heading of level 3 follows one of level 1",
    "<h1>x</h1><table><tr><th>n</th></tr></table>": "<th>n</th> says neither row nor column",
    "<h1>x</h1><button></button>": "a button without words",
    '<h1 style="color:red">x</h1>': "the content policy refuses style=",
    '<h1>x</h1><a href="#nowhere">y</a>': "#nowhere leads nowhere",
    '<h1>x</h1><form action="/nowhere/at/all/"></form>': "/nowhere/at/all/ is not served",
    '<h1>x</h1><script src="/static/koss/nothing"></script>': "/static/koss/nothing is not served",
}


@pytest.fixture(autouse=True)
def _not_for_the_checker(monkeypatch):
    """What is planted here is no page of the portal for the end of the run."""
    monkeypatch.setattr(page_faults, "note", lambda html, path: None)
    monkeypatch.setattr("tests.visitor.note", lambda html, path: None)


def test_a_sound_page_has_no_faults():
    assert page_faults.faults(SOUND) == []


@pytest.mark.parametrize("html", PLANTED)
def test_a_planted_fault_of_a_page_is_found(html):
    assert page_faults.faults(html) == [PLANTED[html]]


def response(cookie="", private=False, **headers):
    """A response with the portal's headers, but for ``headers``."""
    made = HttpResponse(
        headers={
            "Content-Security-Policy": "; ".join(watcher.POLICY),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "X-Request-Id": "0123456789abcdef" * 2,
        }
    )
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    if cookie:
        made.set_cookie(cookie, "x")
    made.wsgi_request = RequestFactory().get("/")
    made.wsgi_request.is_private = private
    return made


def test_a_planted_fault_of_the_headers_is_found():
    assert watcher.faults(response()) == []
    policies = ("X_Content_Type_Options", "Referrer_Policy", "Cross_Origin_Opener_Policy")
    for name in (*policies, "X_Request_Id"):
        assert watcher.faults(response(**{name: "x"})) == [name.replace("_", "-")]
    looser = "; ".join([*watcher.POLICY - {"base-uri 'none'"}, "base-uri *"])
    assert len(watcher.faults(response(Content_Security_Policy=looser))) == 1
    assert watcher.faults(response(cookie="koss_open_x")) == [
        "a session is told, and may be kept by a cache"
    ]
    assert watcher.faults(response(private=True)) == [
        "a page for one person may be kept by a cache"
    ]
    assert watcher.faults(response(private=True, Cache_Control="no-store")) == []


def forgets_a_name(request):
    return HttpResponse(engines["django"].from_string("<p>{{ nobody }}</p>").render({}, request))


def breaks(request):
    return HttpResponse("x", status=500)


urlpatterns = [path("forgets/", forgets_a_name), path("breaks/", breaks), *koss.urls.urlpatterns]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "said"),
    [("/forgets/", "uses a name that does not exist"), ("/breaks/", "answered 500")],
)
def test_a_planted_page_stops_a_visitor(address, said):
    with pytest.raises(AssertionError, match=said):
        Visitor().opens(address)
