"""A number too long for a database is no row: 404 or 400, and never a fault."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, get_resolver

from koss.ground import clock
from koss.models import News
from tests.staff import a_user

pytestmark = pytest.mark.django_db

# One that no database takes, and one that Python does not read.
LONG = [str(2**63), "9" * 5000]
_PART = re.compile(r"<(?:\w+:)?\w+>")


def routes(resolver=None, before=""):
    """Every address of the portal, as it stands in the tables."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from routes(each, route)


WITH_NUMBERS = sorted({route for route in routes() if _PART.search(route)})


@pytest.fixture
def client():
    client = Client()
    user = a_user("reviewer", "tax_office", "counter", "operator", superuser=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_no_address_takes_an_int_of_any_length():
    assert [route for route in routes() if "<int:" in route] == []


@pytest.mark.parametrize("number", LONG, ids=lambda text: f"{len(text)} digits")
def test_addresses(client, number):
    for route in WITH_NUMBERS:
        path = "/" + _PART.sub(number, route).replace("\\Z", "").replace("$", "")
        for method in (client.get, client.post):
            assert method(path).status_code < 500, path[:60]


@pytest.mark.parametrize(
    "path", ["/news/{}/", "/admin/counter/code/{}/", "/admin/counter/receipt/{}/"]
)
def test_no_such_row(client, path):
    for number in LONG:
        assert client.get(path.format(number)).status_code == 404


def test_lists_of_staff(client):
    for model, its_admin in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        request = client.get(path).wsgi_request
        filters = []
        for each in its_admin.get_list_filter(request):
            name = each[0] if isinstance(each, tuple) else each
            filters.append(name if isinstance(name, str) else name.parameter_name)
        names = ["p", "o", "q", "e", "all", "_to_field", *filters]
        asked = [(name, LONG[1]) for name in names]
        asked += [(name, each) for name in ("p", *filters) for each in (LONG[0], f"-{LONG[0]}")]
        # Django's own spellings of a filter: what takes one number takes the others.
        spelled = ("exact", "in", "id__exact", "isnull", "gte", "isempty")
        asked += [(f"{name}__{how}", LONG[0]) for name in filters for how in spelled]
        for name, number in asked:
            assert client.get(path, {name: number}).status_code < 500, f"{path}?{name}"


def test_actions_of_staff(client):
    News.objects.create(title="題", body="文", published_at=clock.now())
    for model, its_admin in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        request = client.get(path).wsgi_request
        for name in its_admin.get_actions(request):
            sent = {"action": name, "_selected_action": LONG, "index": LONG[1]}
            assert client.post(path, sent).status_code < 500, f"{path} {name}"


@pytest.mark.parametrize("page", [*LONG, "-1", "0", "1e9", "٣"])
def test_pages(client, page):
    assert client.get("/news/", {"page": page}).status_code == 200
