"""Every address is public, or its guard is asked and obeyed."""

import re

import pytest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.views.decorators.http import require_POST

import koss.urls
from applications.inquiry.signing_in import INQUIRIES
from applications.models import Application
from koss.access.handles import Shelf
from koss.ground import clock
from koss.models import OpenHandle
from koss.portal import pages
from payments.banks.sandbox import BANKS
from payments.models import AccountKind, PaymentInformation
from tests.rules.payments import numbers

PUBLIC = {
    "",
    "screen/",
    "bulk/",
    "payment/",
    # The same for everybody.
    *(page.path for page in pages.PAGES),
    "news/",
    "news/feed/",
    "news/<key:pk>/",
    "search/",
    # Says that a sign-in will end, and leads back.
    "idle/",
    "text-size/",
    "language/",
    "scheme/",
    "health/",
    "health/live/",
    "health/ready/",
    "favicon.ico",
    "robots.txt",
    ".well-known/security.txt",
    ".well-known/change-password",
    "status/login/",
    "status/login/correction/",
    "api/",
    "api/reference/",
    "api/v1/openapi.json",
    "apply/",
    "apply/resume/",
    "apply/address-file/",
    "codes/issue/",
    "payment/login/",
    "mypage/login/",
    "mypage/password/",
    "mypage/password/done/",
    "mypage/reset/",
    "mypage/reset/asked/",
    "mypage/issue/",
    "mypage/issue/check/",
    # A visitor who is no longer signed in is told where to look, and nothing else.
    "payment/application/<slug:handle>/<slug:reference>/return/",
    "payment/<slug:handle>/pay/<slug:reference>/return/",
    # Guarded by a signature.
    "payment/bank/notices/",
    "payment/bank/debits/",
    "payment/bank/inquiries/",
    # The signature in the address opens it.
    "calendar/<slug:reference>/<slug:signature>/deadlines.ics",
    # Guarded by a token that was mailed.
    "mypage/reset/link/<slug:token>/",
    # The logins of staff, and what ends nothing for a stranger.
    "admin/login/",
    "admin/logout/",
}
LOGINS = (
    "/status/login/",
    "/admin/login/",
    "/payment/login/",
    "/mypage/login/",
    "/apply/resume/",
    "/apply/address-file/",
)


def addresses(resolver=None, before=""):
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, path)
        elif isinstance(entry, URLPattern):
            yield path


class Stranger:
    """Asks for addresses that are somebody else's; every guard that is asked is noted.

    What an address names exists: a handle that another browser has open, an application, a
    payment number. So a view without a guard, or with one that it ignores, finds what it shows.
    """

    def __init__(self, monkeypatch):
        self._asked, self._client, find = [], Client(), Shelf.find

        def noted(shelf, request, handle):
            self._asked.append(shelf.name)
            return find(shelf, request, handle)

        monkeypatch.setattr(Shelf, "find", noted)
        self._names = {
            "pk": str(Application.objects.latest("pk").pk),
            "reference": PaymentInformation.objects.latest("pk").reference,
            "kind": AccountKind.NATIONAL.value,
            "bank": next(iter(BANKS)),
        }

    def complaints(self, addresses):
        """(address, method, answer) of each of ``addresses`` that lets a stranger in."""
        for address in sorted(addresses):
            answers = {method: self._answer(address, method) for method in ("get", "post")}
            if set(answers.values()) == {405}:
                yield address, "both", 405
            for method, answer in answers.items():
                if answer not in ("shut", 405):
                    yield address, method, answer

    def _answer(self, address, method):
        """ "shut", or the code with which the address answers."""
        self._asked.clear()
        response = self._asks(address, method, handle="1")
        if self._asked:
            handle = somebody_elses(Shelf(self._asked[0]))
            self._asked.clear()
            response = self._asks(address, method, handle=handle)
            if OpenHandle.objects.filter(handle=handle).count() != 1:
                return "ends what is another's"
        leads = response.headers.get("Location", "")
        obeyed = self._asked and (
            response.status_code == 404 or (address.endswith("/end/") and leads == "/")
        )
        # Programs sign in with each request (tests/api/test_matrix.py has their keys).
        asks_for_a_key = response.headers.get("WWW-Authenticate", "").startswith("Bearer")
        shut = leads.startswith(LOGINS) or obeyed or asks_for_a_key
        return "shut" if shut else response.status_code

    def _asks(self, address, method, **more):
        self._client.cookies.clear()
        return getattr(self._client, method)(self._path(address, **more))

    def _path(self, address, **more):
        """A path that the address matches."""
        names = self._names | more
        found = re.sub(r"<(?:\w+:)?(\w+)>", lambda each: names.get(each[1], "1"), address)
        found = re.sub(r"\(\?P<\w+>[^)]*\)", "1", found)
        return "/" + found.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "")


def somebody_elses(shelf):
    """A handle that is open in another browser."""
    return shelf.put(RequestFactory().get("/"), application=1, user=1, draft=1)


@pytest.fixture
def stranger(db, monkeypatch):
    numbers.batch(1, now=clock.now())
    return Stranger(monkeypatch)


def test_the_public_list_names_only_addresses_that_exist():
    assert set(addresses()) >= PUBLIC


def test_every_other_address_is_shut_to_strangers(stranger, settings):
    guarded = set(addresses()) - PUBLIC
    of_the_demo = {address for address in guarded if address.startswith("api/v1/sandbox/")}

    assert len(guarded) > 100
    assert list(stranger.complaints(guarded - of_the_demo)) == []
    settings.DEMO = True  # elsewhere they are not there at all
    assert len(of_the_demo) == 8
    assert list(stranger.complaints(of_the_demo)) == []


def shows(request, pk):
    return HttpResponse(get_object_or_404(Application, pk=pk).receipt_number)


def shows_nothing(request, pk):
    raise Http404


@require_POST
def changes(request, pk):
    return HttpResponse()


def asks_and_ignores(request, handle, reference):
    INQUIRIES.find(request, handle)
    return HttpResponse(get_object_or_404(PaymentInformation, reference=reference).pk)


def asks_for_the_handle_alone(request, handle):
    INQUIRIES.find(request, "1")
    return HttpResponse(get_object_or_404(OpenHandle, handle=handle).shelf)


def ends_for_anybody(request, handle):
    INQUIRIES.find(request, handle)
    OpenHandle.objects.filter(handle=handle).delete()
    return HttpResponse(status=302, headers={"Location": "/"})


PLANTED = {
    "planted/shows/<int:pk>/": (shows, [("get", 200), ("post", 200)]),
    "planted/nothing/<int:pk>/": (shows_nothing, [("get", 404), ("post", 404)]),
    "planted/changes/<int:pk>/": (changes, [("post", 200)]),
    "planted/<slug:handle>/<slug:reference>/": (asks_and_ignores, [("get", 200), ("post", 200)]),
    "planted/<slug:handle>/": (asks_for_the_handle_alone, [("get", 200), ("post", 200)]),
    "planted/<slug:handle>/x/end/": (
        ends_for_anybody,
        [("get", "ends what is another's"), ("post", "ends what is another's")],
    ),
}
urlpatterns = [path(address, view) for address, (view, _) in PLANTED.items()] + [
    *koss.urls.urlpatterns
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", PLANTED)
def test_a_planted_view_without_a_guard_is_found(stranger, address):
    _view, answers = PLANTED[address]

    assert list(stranger.complaints([address])) == [(address, *answer) for answer in answers]


@pytest.mark.urls(__name__)
def test_a_planted_address_is_among_the_addresses():
    assert set(addresses()) >= set(PLANTED)
