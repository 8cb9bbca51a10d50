"""What a page costs, against an empty one with the same middleware."""

from functools import partial
from itertools import cycle
from urllib.parse import quote

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from applications.models import Application
from applications.staff.roles import Role
from payments.demo import payers
from payments.payer import sessions
from tests.bench.data import OFFICE
from tests.bench.web import Browser, applicant, staff
from tests.signing_in import let_in
from tests.staff import a_user

_DIFFERENT = 200


def nothing():
    return partial(Browser().get, "/nothing/")


def _spread(count):
    """``count`` applications from everywhere."""
    last = Application.objects.order_by("-pk").values_list("pk", flat=True).first()
    keys = range(1, last, max(1, last // count))
    return Application.objects.filter(pk__in=list(keys))[:count]


def status_pages():
    """Each call another application, so that nothing is known of it."""
    pages = [partial(browser.get, page) for browser, page in map(applicant, _spread(_DIFFERENT))]
    turn = cycle(pages)
    yield lambda: next(turn)(), nothing()


def same_status_page():
    browser, page = applicant(_spread(1)[0])
    yield partial(browser.get, page), nothing()


def against_the_twin():
    """Both show applications from everywhere, the twin without signing anybody in."""
    rows = _spread(_DIFFERENT)
    pages = cycle([partial(browser.get, page) for browser, page in map(applicant, rows)])
    browser = Browser()
    twins = cycle([partial(browser.get, f"/twin/{row.pk}/") for row in rows])
    yield lambda: next(pages)(), lambda: next(twins)()


def same_for_everybody(address):
    def prepare():
        yield partial(Browser().get, address), nothing()

    return prepare


def admin_list(query):
    """The staff's list of applications narrowed by ``query``, against their first page."""

    def prepare():
        browser = staff(_reviewer())
        address = reverse("admin:applications_application_changelist") + query
        yield partial(browser.get, address), partial(browser.get, reverse("admin:index"))

    return prepare


def admin_search_by_name():
    browser = staff(_reviewer())
    middle = Application.objects.count() // 2
    name = Application.objects.order_by("pk").values_list("applicant_name", flat=True)[middle]
    address = reverse("admin:applications_application_changelist")
    yield partial(browser.get, f"{address}?q={quote(name)}"), None


def page_of_an_office():
    """The page behind three quarters of an office's applications, against the first."""
    user = payers.payment_user(OFFICE)
    client, browser = Client(), Browser()
    handle = let_in(client, sessions.open_session, user, sessions.MY_PAGE)
    browser.take_cookies(client)
    first = reverse("following:list", args=[handle])
    followed = Application.objects.filter(payer=OFFICE).order_by("-status_changed_at", "-pk")
    row = followed[followed.count() * 3 // 4]
    place = f"{int(row.status_changed_at.timestamp()) * 1_000_000}.{row.pk}"
    yield partial(browser.get, f"{first}?after={place}"), partial(browser.get, first)


def _reviewer():
    found = User.objects.filter(username="bench").first()
    return found or a_user(Role.REVIEWER, username="bench")
