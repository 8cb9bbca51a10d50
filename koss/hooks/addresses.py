"""Which addresses a webhook may have, and where the portal may connect to for one.

Who names an address could have the portal speak to machines that only the portal reaches. So a
name is looked up once, every address behind it is judged, and the connection goes to one of the
very addresses that were judged (``koss.hooks.connection``).
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Thread
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from koss.ground.text import Unreadable
from payments.models import DeliveryFault

LONGEST = 500
_LOOKUP_SECONDS = 5
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last label is no number, so no spelling of an IPv4 address is a name.
_NAME = re.compile(rf"(?=.{{4,253}}\Z)(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])\Z")
_REST = re.compile(r"[A-Za-z0-9/?&=._~%!$'()*+,;:@-]*\Z")
# Names that are of one's own network wherever they lead today.
_OWN = ("localhost", "local", "internal", "arpa", "lan", "home", "corp", "onion")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}

# What is special in IANA's registries, and so nobody's address on the Internet.
_SPECIAL_V4 = [
    ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and where clouds keep their secrets
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved and broadcast
    )
]
# Only this much of IPv6 is given out: no mapped, translated (NAT64), local or multicast address.
_GIVEN_OUT_V6 = ip_network("2000::/3")
_SPECIAL_V6 = [
    ip_network(each)
    for each in (
        "2001::/23",  # Teredo, ORCHID, benchmarks
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
]
# An interface identifier with an IPv4 address in it (ISATAP, RFC 5214).
_ISATAP = {0x00005EFE, 0x02005EFE}


@dataclass(frozen=True, slots=True)
class Target:
    """One address, taken apart. ``loopback``: the portal's own machine, for trying things out."""

    scheme: str
    host: str
    port: int
    path: str
    loopback: bool

    @property
    def netloc(self):
        """The host as the header ``Host`` has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"

    def __str__(self):
        return f"{self.scheme}://{self.netloc}{self.path}"


class Refused(Exception):
    """Nothing is sent there. ``fault``: a DeliveryFault."""

    def __init__(self, fault):
        super().__init__(fault)
        self.fault = fault


def read(typed):
    """The Target of what was typed, or ``koss.ground.text.Unreadable``."""
    typed = typed.strip()
    if len(typed) > LONGEST:
        raise Unreadable(_("%(label)sは%(limit)s文字以内で入力してください。"), limit=LONGEST)
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        raise _not_an_address() from None
    host = (parts.hostname or "").lower()
    rest = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if not typed.isascii() or not host or not _REST.match(rest):
        raise _not_an_address()
    if parts.username is not None or parts.fragment or "#" in typed:
        raise Unreadable(_("%(label)sに、利用者名・パスワード・#は入れられません。"))
    loopback = host in _LOOPBACK
    target = Target(
        scheme=parts.scheme,
        host=host,
        port={"https": 443, "http": 80}.get(parts.scheme, 0) if port is None else port,
        path=rest if rest.startswith("/") else f"/{rest}",
        loopback=loopback,
    )
    if loopback and settings.KOSS_WEBHOOK_LOOPBACK:
        _require_trial_port(target)
    else:
        _require_public(target)
    return target


def is_public(address):
    """Whether an IPv4Address or IPv6Address is some machine's on the Internet, and nothing else."""
    if isinstance(address, IPv4Address):
        special = any(address in network for network in _SPECIAL_V4)
    else:
        special = (
            address not in _GIVEN_OUT_V6
            or any(address in network for network in _SPECIAL_V6)
            or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP
            or address.scope_id is not None
        )
    return not special and address.is_global


def places(target):
    """[(family, where to connect to)] of ``target``, all judged. Raises Refused.

    One address that is not public refuses the whole name.
    """
    found = _look_up(target.host, target.port)
    good = _is_loopback if target.loopback else is_public
    if not all(good(_address_of(where)) for _family, where in found):
        raise Refused(DeliveryFault.ADDRESS)
    return found


def _require_public(target):
    if target.scheme != "https":
        raise Unreadable(_("%(label)sは、https:// で始めてください。"))
    if target.port != 443:
        raise Unreadable(_("%(label)sのポート番号は、443だけが使えます。"))
    last = target.host.rpartition(".")[2]
    if not _NAME.match(target.host) or last in _OWN:
        raise Unreadable(_("%(label)sは、インターネットに公開されている名前で入力してください。"))


def _require_trial_port(target):
    if target.scheme not in ("http", "https"):
        raise _not_an_address()
    if target.port not in (80, 443) and not 8000 <= target.port <= 8999:
        raise Unreadable(_("%(label)sのポート番号は、80、443、8000から8999までです。"))


def _not_an_address():
    return Unreadable(_("%(label)sは、https://example.jp/hooks のように入力してください。"))


def _look_up(host, port):
    """What the system's resolver knows, waited for no longer than _LOOKUP_SECONDS."""
    answer = []

    def ask():
        try:
            answer.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            answer.append([])

    # Python cannot end a look-up; the resolver's own time-out ends this thread.
    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_LOOKUP_SECONDS)
    if not answer or not answer[0]:
        raise Refused(DeliveryFault.NAME)
    return list(dict.fromkeys((family, where) for family, _kind, _proto, _name, where in answer[0]))


def _address_of(where):
    host, *_port, scope = (*where, 0) if len(where) == 2 else where
    return ip_address(f"{host}%{scope}" if scope and "%" not in host else host)


def _is_loopback(address: IPv4Address | IPv6Address):
    return address.is_loopback
