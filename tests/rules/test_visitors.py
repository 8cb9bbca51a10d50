"""Whom the portal counts when it counts by source."""

import pytest
from django.test import RequestFactory

from koss.access.visitors import source_of

PEER = "198.51.100.9"


def source(forwarded=None, *, peer=PEER):
    more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return source_of(RequestFactory().get("/", REMOTE_ADDR=peer, **more))


@pytest.fixture
def behind_one(settings):
    settings.KOSS_PROXIES = 1


@pytest.mark.usefixtures("behind_one")
@pytest.mark.parametrize(
    ("entry", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:51234", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ('"203.0.113.7:51234"', "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:443", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::"),
        ('"[2001:db8:1:2::9]:51234"', "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("[fe80::1%eth0]:443", "fe80::"),
        ("9.9.9.9, 203.0.113.7:1", "203.0.113.7"),
    ],
)
def test_what_the_proxy_wrote(entry, counted):
    assert source(entry) == counted


@pytest.mark.usefixtures("behind_one")
@pytest.mark.parametrize(
    "garbage",
    [
        *("", ",", "unknown", "_hidden", "203.0.113", "203.0.113.007", "203.0.113.7:a", "[", "[]"),
        *("[203.0.113.7", "1" * 5000, "２０３.0.113.7", "203.0.113.7\x00", "::1::", "%eth0"),
    ],
)
def test_what_is_no_address_falls_back_to_the_peer(garbage):
    assert source(garbage) == PEER


@pytest.mark.usefixtures("behind_one")
def test_a_port_or_another_address_of_one_household_is_no_other_source():
    assert source("203.0.113.7:1") == source("203.0.113.7:2")
    assert source("2001:db8:1:2::1") == source("2001:db8:1:2:ffff::1")
    assert source("2001:db8:1:2::1") != source("2001:db8:1:3::1")


def test_nobody_chooses_an_address(settings):
    assert source("203.0.113.7") == PEER
    settings.KOSS_PROXIES = 2
    assert source("203.0.113.7") == PEER
    assert source("9.9.9.9, 203.0.113.7, 10.0.0.1") == "203.0.113.7"


@pytest.mark.parametrize("peer", ["", "unix:/run/koss.sock"])
def test_a_peer_without_address_is_one_group(peer):
    assert source(peer=peer) == "::"
