"""From where a request comes, and from which browser."""

import ipaddress
import re
import secrets

from django.conf import settings

_DEVICE_COOKIE = f"{settings.COOKIE_PREFIX}koss_device"
_SALT = "koss.visitors.device"
_YEAR = 365 * 24 * 60 * 60

# Providers hand out IPv6 networks of this length or larger: one household is one source.
_IPV6_GROUP = 64
_NOBODY = "::"
# 192.0.2.1, 192.0.2.1:443, [2001:db8::1], [2001:db8::1]:443, 2001:db8::1, each with a zone.
_ENTRY = re.compile(
    r"\[(?P<bracketed>[0-9A-Fa-f:.]+)(?:%[^\]]*)?\](?::[0-9]*)?"
    r"|(?P<with_port>[0-9.]+)(?::[0-9]*)?"
    r"|(?P<plain>[0-9A-Fa-f:.]+)(?:%.*)?"
)


def source_of(request):
    """Whom to count: the client's IPv4 address, or the first address of its IPv6 network.

    Always the text of an IP address, so that it can be kept in a field for addresses. Behind
    ``KOSS_PROXIES`` proxies it is the address that the outermost one saw; where that one wrote
    none, the address of the peer itself; and for a peer without any (a Unix socket), ``::``.
    """
    address = _forwarded(request) or _read(request.META.get("REMOTE_ADDR", ""))
    return _grouped(address) if address else _NOBODY


def _forwarded(request):
    """What the outermost of our own proxies appended to ``X-Forwarded-For``, or None."""
    chain = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not 0 < settings.KOSS_PROXIES <= len(chain):
        return None
    return _read(chain[-settings.KOSS_PROXIES])


def _read(entry):
    """The address in ``entry``, which may carry quotes, brackets, a port or a zone; or None."""
    parts = _ENTRY.fullmatch(entry.strip().strip('"'))
    if parts is None:
        return None
    try:
        address = ipaddress.ip_address(parts["bracketed"] or parts["with_port"] or parts["plain"])
    except ValueError:
        return None
    if address.version == 6:
        return address.ipv4_mapped or address
    return address


def _grouped(address):
    if address.version == 4:
        return str(address)
    network = ipaddress.ip_network((int(address), _IPV6_GROUP), strict=False)
    return str(network.network_address)


def visit_of(request):
    """Whom a try of a password counts for: {"source": address, "device": the browser's name}.

    The name is random, and fresh for a browser that was never let in.
    """
    known = request.get_signed_cookie(_DEVICE_COOKIE, default="", salt=_SALT, max_age=_YEAR)
    return {"source": source_of(request), "device": known or secrets.token_urlsafe(16)}


def remember_device(response, device):
    """Let the browser keep its name. It opens nothing; it only counts wrong passwords apart."""
    response.set_signed_cookie(
        _DEVICE_COOKIE,
        device,
        salt=_SALT,
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )
