"""The portal, played by the test: a little HTTP server that keeps what a bank posts to it."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NOTICES = "/payment/bank/notices/"
DEBITS = "/payment/bank/debits/"
INQUIRIES = "/payment/bank/inquiries/"


class Portal:
    """``received``: (path, headers, body) in the order of arrival.

    ``answer`` maps a path to (status, JSON object); what is not in it is answered with 200.
    """

    def __init__(self):
        self.received = []
        self.answer = {}
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                portal.received.append((self.path, dict(self.headers), body))
                status, said = portal.answer.get(self.path, (200, {"kept": True}))
                content = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_line):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    @contextlib.contextmanager
    def running(self):
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def about(self, payment_number, path=NOTICES):
        """What arrived at ``path`` about one payment number, as (headers, body)."""
        return [
            (headers, body)
            for at, headers, body in list(self.received)
            if at == path and json.loads(body).get("payment_number") == payment_number
        ]

    def wait_for(self, payment_number, count=1, seconds=15):
        """The notices of one payment number, as soon as there are ``count``."""
        return wait_until(
            lambda: len(self.about(payment_number)) >= count and self.about(payment_number), seconds
        )


def wait_until(holds, seconds=15):
    """What ``holds`` returns, as soon as it is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := holds():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")
