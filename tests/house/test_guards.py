"""Every address is either public, guarded by a login, or not routed at all."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = {
    "",
    "screen/",
    "bulk/",
    "payment/",
    "faq/",
    "terms/",
    "contact/",
    "accessibility/",
    "news/",
    "news/feed/",
    "news/<int:pk>/",
    "text-size/",
    "health/",
    "status/login/",
    "codes/",
    "codes/issue/",
    "payment/login/",
    "mypage/login/",
    "mypage/password/",
    "mypage/password/done/",
    "mypage/reset/",
    "mypage/reset/asked/",
    "mypage/issue/",
    "mypage/issue/check/",
    # Whoever is no longer signed in is told where to look, and nothing else.
    "payment/application/<slug:handle>/<slug:reference>/return/",
    "payment/<slug:handle>/pay/<slug:reference>/return/",
    # Guarded by a signature.
    "payment/bank/notices/",
    "payment/bank/debits/",
    "payment/bank/inquiries/",
}
LOGINS = ("/status/login/", "/admin/login/", "/payment/login/", "/mypage/login/")


def addresses(resolver=None, before=""):
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, path)
        elif isinstance(entry, URLPattern):
            yield path


def test_the_public_list_names_only_addresses_that_exist():
    assert set(addresses()) >= PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_other_address_sends_a_stranger_to_a_login(method):
    client, open_to_strangers = Client(), []
    for address in sorted(set(addresses()) - PUBLIC):
        path = "/" + sample(address)
        response = getattr(client, method)(path)
        if path in LOGINS or path == "/admin/logout/":
            continue
        at_a_login = response.status_code == 302 and response.url.startswith(LOGINS)
        ends_nothing = path.endswith("/end/") and response.status_code in (302, 405)
        if not at_a_login and not ends_nothing and response.status_code not in (404, 405):
            open_to_strangers.append((address, response.status_code))

    assert open_to_strangers == []


def sample(address):
    """A path that the address matches."""
    path = re.sub(r"<(int|str|slug|path):\w+>", "1", address)
    path = re.sub(r"<\w+>", "1", path)
    path = re.sub(r"\(\?P<\w+>[^)]*\)", "1", path)
    return path.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "")
