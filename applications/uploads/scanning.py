"""A virus scanner: clamd's INSTREAM, off unless ``KOSS_CLAMD`` names one.

When it is on and does not answer, nothing is taken in.
"""

import socket
import struct

from django.conf import settings

from applications.uploads.refusals import FileFault, FileRefused

_SECONDS = 20
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


def scan(file):
    """Raises FileRefused when the scanner finds something, or is set and does not answer."""
    if not settings.KOSS_CLAMD:
        return
    host, _colon, port = settings.KOSS_CLAMD.rpartition(":")
    try:
        with socket.create_connection(
            (host.strip("[]"), int(port)), timeout=_SECONDS
        ) as connection:
            connection.sendall(b"zINSTREAM\0")
            for chunk in file.chunks(_CHUNK):
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            answer = _answer(connection)
    except (OSError, ValueError) as error:
        raise FileRefused(FileFault.SCANNER_AWAY) from error
    if answer.endswith(b"FOUND"):
        raise FileRefused(FileFault.VIRUS)
    if not answer.endswith(b"OK"):
        raise FileRefused(FileFault.SCANNER_AWAY)


def _answer(connection):
    """What it says until the sign that ends it; it may come in pieces."""
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n")
