"""The files of docs/deploy and the programs that read them, brought to a test's own places."""

import os
import re
import shutil
import socket

from tests import needs
from tests.processes import ROOT

DEPLOY = ROOT / "docs" / "deploy"
# Where Debian puts programs of root, which an ordinary user's PATH leaves out.
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin"])
_LISTENS_ON_IPV6 = re.compile(r"^ *listen \[::\].*\n", re.MULTILINE)


def program(name):
    """The path of ``name``; the test ends where it is not installed."""
    found = shutil.which(name, path=PLACES)
    return found or needs.miss(name, f"{name} is not installed on this machine")


def moved(text, places):
    """``text`` with each place of ``places`` as the test has it, in one pass, longest first."""
    names = sorted(places, key=len, reverse=True)
    one = re.compile("|".join(map(re.escape, names)))
    return one.sub(lambda found: str(places[found[0]]), text)


def nginx_fit(text):
    """A configuration of nginx without IPv6 where the machine has none."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return _LISTENS_ON_IPV6.sub("", text)
    return text


def nginx_main(home, site):
    """A main configuration as Debian's, with its own places, that includes the file ``site``."""
    runs_as = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{runs_as}pid {home}/nginx.pid;\nerror_log {home}/nginx-error.log;\n"
        "events {}\nhttp {\n    include /etc/nginx/mime.types;\n    access_log off;\n"
        f"    client_body_temp_path {home}/body;\n    proxy_temp_path {home}/proxy;\n"
        f"    fastcgi_temp_path {home}/fastcgi;\n    uwsgi_temp_path {home}/uwsgi;\n"
        f"    scgi_temp_path {home}/scgi;\n    include {site};\n}}\n"
    )
