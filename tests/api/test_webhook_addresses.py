"""Where webhooks may lead: no spelling of an address inside the network gets through."""

import socket
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koss.ground.text import Unreadable
from koss.hooks import addresses
from payments.models import DeliveryFault

REFUSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "2606:4700::5efe:7f00:1",
    "2606:4700::200:5efe:a00:1",
    "4000::1",
]
TAKEN = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.255.255",
    "169.255.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "192.167.255.255",
    "192.169.0.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2001:200:dff:fff1:216:3eff:feb1:44d7",
    "2400:cb00::1",
    "2606:4700:4700::1111",
    "2a00:1450:4001::200e",
]
# Networks that nobody on the Internet has, as others write them down.
PRIVATE = [
    ip_network(each)
    for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
]


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_public(address):
    assert not addresses.is_public(ip_address(address))


@pytest.mark.parametrize("address", TAKEN)
def test_what_is_public(address):
    assert addresses.is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_no_private_ipv4_is_public(address):
    if addresses.is_public(address):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved
        assert not any(address in network for network in PRIVATE)


@given(st.sampled_from(PRIVATE).flatmap(lambda network: st.ip_addresses(network=network)))
def test_every_address_of_a_private_network_is_refused(address):
    assert not addresses.is_public(address)


@given(st.ip_addresses(v=6))
def test_no_special_ipv6_is_public(address):
    if addresses.is_public(address):
        assert address.is_global
        assert address in ip_network("2000::/3")
        assert address.ipv4_mapped is address.sixtofour is address.teredo is None


@given(st.ip_addresses(v=4))
def test_no_ipv4_comes_in_as_ipv6(address):
    number = int(address)
    spellings = {
        "mapped": (0xFFFF << 32) | number,
        "compatible": number,
        "NAT64": (0x64FF9B << 96) | number,
        "6to4": (0x2002 << 112) | number << 80,
        "Teredo": (0x20010000 << 96) | (number ^ 0xFFFFFFFF),
        "ISATAP": (0x26064700 << 96) | (0x5EFE << 32) | number,
    }
    for name, spelt in spellings.items():
        assert not addresses.is_public(IPv6Address(spelt)), name


@pytest.mark.parametrize(
    "typed",
    [
        "http://hooks.koss.example/",
        "https://hooks.koss.example:8443/",
        "https://hooks.koss.example:0/",
        "https://hooks.koss.example:99999/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://017700000001/",
        "https://[::1]/",
        "https://[::ffff:8.8.8.8]/",
        "https://localhost/",
        "https://portal/",
        "https://db.internal/",
        "https://printer.local/",
        "https://a.localhost/",
        "https://1.0.0.127.in-addr.arpa/",
        "https://user:pass@hooks.koss.example/",
        "https://@hooks.koss.example/",
        "https://hooks.koss.example/#x",
        "https://hooks.koss.example\\@127.0.0.1/",
        "https://hooks.koss.example/a b",
        "https://hooks.koss.example/\r\nX: y",
        "https://hooks..example/",
        "https://-hooks.example/",
        "https://hooks.koss.example./",
        "https://ｈｏｏｋｓ.example/",
        "https://例え.jp/",
        "https:hooks.koss.example",
        "//hooks.koss.example/",
        "ftp://hooks.koss.example/",
        "file:///etc/passwd",
        "https://",
        "https://[::1",
        "https://" + "a." * 300 + "example/",
        "hooks",
    ],
)
def test_addresses_that_nobody_may_register(typed):
    with pytest.raises(Unreadable) as refused:
        addresses.read(typed)
    assert refused.value.about("通知先のアドレス").startswith("通知先のアドレス")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://hooks.koss.example", "https://hooks.koss.example/"),
        (
            " https://Hooks.KOSS.example:443/In?a=1&b=%20 ",
            "https://hooks.koss.example/In?a=1&b=%20",
        ),
        ("https://xn--r8jz45g.jp/", "https://xn--r8jz45g.jp/"),
    ],
)
def test_addresses_are_kept_in_one_spelling(typed, kept):
    assert str(addresses.read(typed)) == kept
    assert str(addresses.read(kept)) == kept


@given(st.text(max_size=60) | st.text("https:/@[].#?%0127xa \\\t", max_size=60))
def test_any_text_is_an_address_or_refused_in_words(typed):
    try:
        target = addresses.read(f"https://{typed}")
    except Unreadable as refused:
        target, why = None, refused.about("x")
    if target is None:
        assert "%(" not in why
    else:
        assert target.port == 443
        assert not target.host.replace(".", "").isdecimal()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("http://127.0.0.1:8210/a", "http://127.0.0.1:8210/a"),
        ("http://localhost/", "http://localhost/"),
        ("http://[::1]:8999/", "http://[::1]:8999/"),
        ("https://hooks.koss.example/", "https://hooks.koss.example/"),
    ],
)
def test_the_demo_may_call_itself(settings, typed, kept):
    settings.KOSS_WEBHOOK_LOOPBACK = True
    assert str(addresses.read(typed)) == kept
    for other in (
        "http://127.0.0.1:22/",
        "http://127.0.0.1:9000/",
        "http://10.0.0.1:8080/",
        "http://hooks.koss.example/",
        "http://127.0.0.2:8210/",
        "ftp://localhost/",
    ):
        with pytest.raises(Unreadable):
            addresses.read(other)


def resolves(monkeypatch, *found):
    asked = []

    def getaddrinfo(host, port, **_how):
        asked.append(host)
        return [
            (
                socket.AF_INET if isinstance(ip_address(each), IPv4Address) else socket.AF_INET6,
                socket.SOCK_STREAM,
                6,
                "",
                (each, port) if "." in each and ":" not in each else (each, port, 0, 0),
            )
            for each in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_is_looked_up_once_and_gives_what_was_judged(monkeypatch):
    asked = resolves(monkeypatch, "2606:4700::1", "1.1.1.1", "1.1.1.1")
    target = addresses.read("https://hooks.koss.example/")

    assert addresses.places(target) == [
        (socket.AF_INET6, ("2606:4700::1", 443, 0, 0)),
        (socket.AF_INET, ("1.1.1.1", 443)),
    ]
    assert asked == ["hooks.koss.example"]


@pytest.mark.parametrize("bad", ["127.0.0.1", "::ffff:1.1.1.1", "fe80::1", "169.254.169.254"])
def test_one_address_that_is_not_public_refuses_the_name(monkeypatch, bad):
    resolves(monkeypatch, "1.1.1.1", bad)

    with pytest.raises(addresses.Refused) as refused:
        addresses.places(addresses.read("https://hooks.koss.example/"))
    assert refused.value.fault == DeliveryFault.ADDRESS


def test_localhost_that_leads_elsewhere_is_refused(monkeypatch, settings):
    settings.KOSS_WEBHOOK_LOOPBACK = True
    resolves(monkeypatch, "10.0.0.1")

    with pytest.raises(addresses.Refused):
        addresses.places(addresses.read("http://localhost:8210/"))


def test_a_name_that_is_unknown_or_never_answered(monkeypatch):
    never = threading.Event()
    monkeypatch.setattr(addresses, "_LOOKUP_SECONDS", 0.05)
    target = addresses.read("https://hooks.koss.example/")

    def unknown(*_asked, **_how):
        raise socket.gaierror("no such name")

    for answer in (unknown, lambda *_asked, **_how: never.wait(10)):
        monkeypatch.setattr(socket, "getaddrinfo", answer)
        with pytest.raises(addresses.Refused) as refused:
            addresses.places(target)
        assert refused.value.fault == DeliveryFault.NAME
    never.set()
