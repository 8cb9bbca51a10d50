"""Machines that are network namespaces: each with an address, a cable, and programs of its own.

Nothing of it touches the network of the machine that runs the tests: all cables end in a switch
that lies in a namespace too. Needs root.
"""

import ctypes
import os
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager, suppress

from tests import needs
from tests.operation.deploy import PLACES

_NET = 0x40000000  # CLONE_NEWNET
_LIBC = ctypes.CDLL(None, use_errno=True)
# How soon a peer that says nothing any more counts as gone, as docs/scale.md sets it for
# PostgreSQL (there in tens of seconds).
_SILENT = ((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 2))


class Machine:
    """``address``: under which the other machines reach it."""

    def __init__(self, switch, name, number):
        self._switch, self._port = switch, f"port{number}"
        self.name, self.address = name, f"10.213.0.{number}"
        self.space = f"{switch}-{name}"
        _ip("netns", "add", self.space)
        cable = ("type", "veth", "peer", "name", "eth0", "netns", self.space)
        _ip("-n", switch, "link", "add", self._port, *cable)
        _ip("-n", switch, "link", "set", self._port, "master", "bridge", "up")
        _ip("-n", self.space, "address", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            _ip("-n", self.space, "link", "set", device, "up")

    @contextmanager
    def inside(self):
        """This thread, and each program that it starts, is on this machine."""
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            _enter(f"/run/netns/{self.space}")
            yield
        finally:
            _enter(f"/proc/self/fd/{own}")
            os.close(own)

    def pull_the_cable(self):
        """Nothing reaches it or leaves it any more, not even that it is gone."""
        _ip("-n", self._switch, "link", "set", self._port, "down")


class Network:
    """``machines``: by their names."""

    def __init__(self, names):
        self._switch = f"koss{os.getpid()}"
        self._made = [self._switch]
        _ip("netns", "add", self._switch)
        _ip("-n", self._switch, "link", "add", "bridge", "type", "bridge")
        _ip("-n", self._switch, "link", "set", "bridge", "up")
        self.machines = {}
        for number, name in enumerate(names, 1):
            self._made.append(f"{self._switch}-{name}")
            self.machines[name] = Machine(self._switch, name, number)

    def end(self):
        for space in reversed(self._made):
            with suppress(OSError):
                _ip("netns", "delete", space)


@contextmanager
def network(*names):
    """A Network with machines of these names; the test ends where there can be none."""
    if shutil.which("ip", path=PLACES) is None or os.geteuid() != 0:
        needs.miss("namespaces", "networks are made by root, with iproute2")
    made = None
    try:
        made = Network(names)
    except OSError as error:
        needs.miss("namespaces", f"no network namespace can be made here: {error}")
    try:
        yield made
    finally:
        made.end()


class Relay:
    """The port 5432 of ``machine``, behind which the run's own server answers.

    ``peers``: addresses that have come. One that falls silent is dropped, as the server would.
    """

    def __init__(self, machine, server):
        self.peers = set()
        self._server = server
        with machine.inside():
            self._listener = socket.create_server((machine.address, 5432), backlog=100)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):  # closed
            while True:
                client, (address, _port) = self._listener.accept()
                self.peers.add(address)
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in (*_SILENT, (socket.TCP_USER_TIMEOUT, 3000)):
            client.setsockopt(socket.IPPROTO_TCP, option, value)
        with client, self._server() as server:
            back = threading.Thread(target=_pump, args=[server, client], daemon=True)
            back.start()
            _pump(client, server)
            back.join()

    def end(self):
        self._listener.close()


def _pump(source, target):
    """Hand on what comes until one of both ends is gone, then end the other."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _enter(path):
    space = os.open(path, os.O_RDONLY)
    try:
        if _LIBC.setns(space, _NET):
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(space)


def _ip(*arguments):
    command = [shutil.which("ip", path=PLACES), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr.strip())
