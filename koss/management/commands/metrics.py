"""``manage.py metrics [--bind HOST:PORT]``: figures for Prometheus, on an address of its own."""

import ipaddress
import socket
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from prometheus_client import make_wsgi_app

from koss.ground import env
from koss.operation import exporter, web_limits

_PATH = "/metrics"


class Command(BaseCommand):
    help = (
        "Offer the figures of all programs of this machine to Prometheus at /metrics. They are for "
        "operators: an address that strangers can reach is refused."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--bind", metavar="HOST:PORT", default=settings.KOSS_METRICS)
        parser.add_argument(
            "--anywhere",
            action="store_true",
            help="listen where strangers may come, too: something else keeps them away",
        )

    def handle(self, *, bind, anywhere, **_options):
        host, port = read_address(bind, anywhere=anywhere)
        web_limits.keep()
        try:
            server = server_on(host, port)
        except OSError as error:
            raise CommandError(f"{bind} cannot be listened on ({error.strerror}).") from error
        with server:
            self.stdout.write(f"Figures: http://{bind}{_PATH}")
            self.stdout.flush()
            server.serve_forever()


def read_address(bind, *, anywhere):
    """(host, port) of ``bind``, or CommandError where it is none, or public."""
    host, _, port = bind.rpartition(":")
    try:
        address = ipaddress.ip_address(host.strip("[]"))
        number = int(port)
    except ValueError as error:
        raise CommandError(f"--bind {bind}: write an IP address and a port.") from error
    if not 0 <= number <= env.LAST_PORT:
        raise CommandError(f"--bind {bind}: the last port is {env.LAST_PORT}.")
    if not (anywhere or address.is_loopback or (address.is_private and int(address))):
        raise CommandError(f"--bind {bind}: strangers could come here (--anywhere allows it).")
    return str(address), number


def server_on(host, port):
    """A server for one scrape at a time, with one connection to the database."""
    offered = make_wsgi_app(exporter.registry())

    def application(variables, start_response):
        if variables["PATH_INFO"] != _PATH:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"/metrics\n"]
        close_old_connections()
        return offered(variables, start_response)

    kind = _Server6 if ":" in host else WSGIServer
    return make_server(host, port, application, server_class=kind, handler_class=_Quiet)


class _Server6(WSGIServer):
    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    # Who connects and says nothing keeps Prometheus waiting no longer than this.
    timeout = 5

    def log_message(self, *_arguments):
        """A scrape is worth no line."""
