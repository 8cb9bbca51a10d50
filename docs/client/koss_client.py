"""A client of the bulk interface (一括申請API, docs/api.md) in one file, to be copied.

Needs Python 3.11 and the packages ``httpx`` and ``cryptography``::

    with Client("http://127.0.0.1:8000", key) as client:
        rows = client.sign(rows, Signer.from_file("scrivener.p12", "renshu-2024"))
        submission = client.wait_for_submission(client.submit(rows)["send_number"])

``koss_cli.py`` beside it makes a program of it.

Answers are dicts as the description (/api/v1/openapi.json) shows them. A code that is not known
here is no error: lists of codes may grow.
"""

import base64
import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7, pkcs12

Json = dict[str, Any]

# What one check looks at, and what one set may hold.
AT_MOST_CHECKED, AT_MOST_SENT = 50, 1000
AWAITING_CORRECTION = ("awaiting_correction", "awaiting_tax_correction")
PAYABLE = (
    "fees_due",
    "fees_in_batch",
    "weight_tax_due",
    "weight_tax_in_batch",
    "vehicle_tax_due",
    "vehicle_tax_in_batch",
)
_MEDIA_TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}


@dataclass(frozen=True)
class Fault:
    """One value that was refused. ``place``: a pointer into the body, or a parameter's name."""

    place: str
    code: str
    detail: str
    detail_en: str


class ApiProblem(Exception):
    """A refusal (RFC 9457). ``status``: of HTTP; ``code``: stable; ``faults``: value by value.

    ``retry_after``: seconds, where the portal named them.
    """

    def __init__(self, response: httpx.Response):
        body = _object(response)
        self.status: int = response.status_code
        self.code: str = body.get("code", "")
        self.detail: str = body.get("detail", response.reason_phrase)
        self.detail_en: str = body.get("detail_en", "")
        self.retry_after = _seconds(response)
        self.faults = [
            Fault(
                each.get("pointer") or each.get("parameter", ""),
                each.get("code", ""),
                each.get("detail", ""),
                each.get("detail_en", ""),
            )
            for each in body.get("errors", [])
        ]
        said = [f"{self.status} {self.code}: {self.detail}"]
        super().__init__("\n".join(said + [f"{each.place}: {each.detail}" for each in self.faults]))


class Unauthorized(ApiProblem):
    """401: the key is not good (any more)."""


class Forbidden(ApiProblem):
    """403: the key may not do this."""


class NotFound(ApiProblem):
    """404: there is no such thing, or it is another's."""


class Conflict(ApiProblem):
    """409: not possible in the present state, or still being worked on (``in_flight``)."""


class Invalid(ApiProblem):
    """422: some values are wrong, or an idempotency key was used for something else."""


class TooManyRequests(ApiProblem):
    """429, and waiting for it would have taken longer than the client's patience."""


class Broken(ApiProblem):
    """500 and above."""


class TimedOut(Exception):
    """Something that was waited for did not happen in time. ``last``: what was read last."""

    def __init__(self, sentence: str, last: Json):
        super().__init__(sentence)
        self.last = last


_BY_STATUS: dict[int, type[ApiProblem]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: Invalid,
    429: TooManyRequests,
}


@dataclass(frozen=True)
class Signer:
    """Signs with the key of a PKCS#12 file, which never leaves this machine."""

    key: Any
    certificate: Any
    chain: tuple[Any, ...]

    @classmethod
    def from_file(cls, path: str | Path, pin: str) -> Self:
        """ValueError: a wrong PIN, or a file without a key."""
        return cls.from_bytes(Path(path).read_bytes(), pin)

    @classmethod
    def from_bytes(cls, content: bytes, pin: str) -> Self:
        """As ``from_file``."""
        key, certificate, chain = pkcs12.load_key_and_certificates(content, pin.encode())
        if key is None or certificate is None:
            raise ValueError("The file holds no key with its certificate.")
        return cls(key, certificate, tuple(chain))

    def sign(self, content: str) -> str:
        """A detached CMS signature (DER, in base64) over the UTF-8 bytes of ``content``."""
        builder = pkcs7.PKCS7SignatureBuilder().set_data(content.encode())
        builder = builder.add_signer(self.certificate, self.key, hashes.SHA256())
        for each in self.chain:
            builder = builder.add_certificate(each)
        # Binary: line ends are signed as they are.
        options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
        return base64.b64encode(builder.sign(Encoding.DER, options)).decode()


class Client:
    """Speaks to the portal at ``origin`` with an API key.

    ``patience``: for how many seconds a request is sent again while the portal is busy (429, 503,
    ``in_flight``) or out of reach; ``Retry-After`` says when.
    """

    def __init__(
        self,
        origin: str,
        key: str,
        *,
        patience: float = 120,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self._base = f"{origin.rstrip('/')}/api/v1/"
        self._patience, self._sleep = patience, sleep
        self.http = httpx.Client(
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json"},
            timeout=60,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.close()

    def key(self) -> Json:
        """The key that is used: its scopes, and until when it is good."""
        return self.call("GET", "key")

    # Sending

    def upload(self, content: bytes, name: str) -> str:
        """Hand in a PDF, JPEG or PNG file; returns the digest that rows name it by.

        A picture is written anew by the portal: the digest is not that of ``content``.
        """
        suffix = Path(name).suffix.lower().replace(".jpeg", ".jpg")
        if suffix not in _MEDIA_TYPES:
            raise ValueError(f"not a .pdf, .jpg or .png file: {name}")
        answer = self.call(
            "POST",
            "attachments",
            query={"name": name},
            content=content,
            media_type=_MEDIA_TYPES[suffix],
            again=True,
        )
        return str(answer["digest"])

    def check(self, rows: list[Json]) -> list[Json]:
        """What sending would find in each row, and what is to be signed (``content``)."""
        found: list[Json] = []
        for some in _parts(rows, AT_MOST_CHECKED):
            body = {"applications": some}
            found += self.call("POST", "applications/check", body, again=True)["applications"]
        return found

    def sign(self, rows: list[Json], signer: Signer) -> list[Json]:
        """``rows`` with their signatures. A row with faults stays unsigned, and is reported."""
        return [
            {**row, "signature": signer.sign(checked["content"])} if checked["content"] else row
            for row, checked in zip(rows, self.check(rows), strict=True)
        ]

    def submit(self, rows: list[Json], *, idempotency_key: str | None = None) -> Json:
        """Send one row or up to 1,000; the answer has the ``send_number`` to poll by.

        With the same ``idempotency_key`` (new by default) nothing is sent twice.
        """
        body = {"applications": rows}
        return self.call("POST", "applications", body, key=idempotency_key or new_key())

    def submission(self, send_number: str) -> Json:
        """How far a set is; done once ``finished_at`` stands there."""
        return self.call("GET", f"submissions/{send_number}")

    def wait_for_submission(self, send_number: str, *, within: float = 600) -> Json:
        """The set once every row is done. Raises TimedOut."""
        return self.wait(
            lambda: self.submission(send_number), lambda it: it["finished_at"], within=within
        )

    def items(self, send_number: str) -> Iterator[Json]:
        """Every row of a set: its receipt number, its reason, or what to mend."""
        return self.pages(f"submissions/{send_number}/items")

    def report(self, send_number: str) -> Iterator[Json]:
        """Only the rows that came to nothing."""
        return self.pages(f"submissions/{send_number}/report")

    # Reading

    def applications(self, **conditions: str) -> Iterator[Json]:
        """By ``status``, ``set``, ``to`` and ``**{"from": day}``, in the order of application."""
        return self.pages("applications", conditions)

    def application(self, receipt_number: str) -> Json:
        """One application with everything."""
        return self.call("GET", f"applications/{receipt_number}")

    def wait_for_status(self, receipt_number: str, status: str, *, within: float = 600) -> Json:
        """The same once it has this status. Raises TimedOut."""
        return self.wait(
            lambda: self.application(receipt_number),
            lambda it: it["status"]["code"] == status,
            within=within,
        )

    def changes(self, cursor: str = "0") -> tuple[list[Json], str]:
        """(applications that changed since ``cursor``, the cursor to keep for the next time)."""
        found: dict[str, Json] = {}
        while True:
            page = self.call("GET", "applications", query={"changed_since": cursor, "limit": "100"})
            for each in page["items"]:
                found.pop(each["receipt_number"], None)
                found[each["receipt_number"]] = each
            cursor = page["next_cursor"]
            if not page["has_more"]:
                return list(found.values()), cursor

    def events(self, after: str = "0") -> tuple[list[Json], str]:
        """(what happened after the cursor, in order; the cursor to keep)."""
        found: list[Json] = []
        while True:
            page = self.call("GET", "events", query={"after": after, "limit": "500"})
            found += page["items"]
            after = page["next_cursor"]
            if not page["has_more"]:
                return found, after

    def correction_orders(self) -> Iterator[Json]:
        """Applications whose ``correction`` waits for an answer, which is given on the portal."""
        return (each for each in self._whole(AWAITING_CORRECTION) if each["correction"])

    def payments_due(self) -> Iterator[tuple[Json, Json]]:
        """(application, payment) for everything that is to be paid now."""
        for application in self._whole(PAYABLE):
            for payment in application["payments"]:
                if payment["due"]:
                    yield application, payment

    # Acting

    def withdraw(self, receipt_number: str, *, idempotency_key: str | None = None) -> Json:
        """Withdraw an application; Conflict says why it cannot be."""
        path = f"applications/{receipt_number}/withdraw"
        return self.call("POST", path, key=idempotency_key or new_key())

    def take_payment_numbers(
        self, receipt_numbers: list[str], *, idempotency_key: str | None = None
    ) -> list[Json]:
        """One 納付番号 for each kind of tax or fee; the agency gives its digits afterwards."""
        body = {"receipt_numbers": receipt_numbers}
        key = idempotency_key or new_key()
        items: list[Json] = self.call("POST", "payment-numbers", body, key=key)["items"]
        return items

    def payment_number(self, reference: str) -> Json:
        """One of them as it is now."""
        return self.call("GET", f"payment-numbers/{reference}")

    def wait_for_payment_number(self, reference: str, *, within: float = 300) -> Json:
        """The same once the agency has given its digits. Raises TimedOut."""
        return self.wait(
            lambda: self.payment_number(reference), lambda it: it["payment_number"], within=within
        )

    # The wire

    def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        query: dict[str, str] | None = None,
        content: bytes | None = None,
        media_type: str = "application/json",
        key: str = "",
        again: bool = False,
    ) -> Json:
        """The answer to one request, or a subclass of ApiProblem.

        ``path``: below /api/v1/. ``key``: Idempotency-Key. Whatever can do nothing twice (GET, with
        a key, or ``again``) is sent again when the portal could not be reached.
        """
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": media_type} if content is not None else {}
        if key:
            headers["Idempotency-Key"] = key
        safe = method == "GET" or bool(key) or again
        until = time.monotonic() + self._patience
        tries = 0
        while True:
            pause: float | None
            try:
                response = self.http.request(
                    method, self._base + path, params=query, content=content, headers=headers
                )
            except httpx.TransportError:
                pause = min(2.0**tries, 30) if safe else None
                if pause is None or time.monotonic() + pause > until:
                    raise
            else:
                if response.is_success:
                    return _object(response)
                problem = _problem(response)
                pause = _pause(problem)
                if pause is None or time.monotonic() + pause > until:
                    raise problem
            tries += 1
            self._sleep(pause)

    def pages(self, path: str, query: dict[str, str] | None = None) -> Iterator[Json]:
        """Every entry of a list, page by page."""
        while True:
            page = self.call("GET", path, query=query)
            yield from page["items"]
            if not page["has_more"]:
                return
            address = httpx.URL(page["_links"]["next"]["href"])
            # Of the link only what it asks for: the key goes to no other host.
            query = dict(address.params)

    def wait(
        self,
        read: Callable[[], Json],
        holds: Callable[[Json], Any],
        *,
        within: float,
        pause: float = 0.2,
    ) -> Json:
        """What ``read`` gives, as soon as it ``holds``. The pauses grow to 10 s. Or TimedOut."""
        until = time.monotonic() + within
        while not holds(found := read()):
            if time.monotonic() + pause > until:
                raise TimedOut(f"not within {within:g} s", found)
            self._sleep(pause)
            pause = min(pause * 1.5, 10)
        return found

    def _whole(self, statuses: Iterable[str]) -> Iterator[Json]:
        for status in statuses:
            for each in self.applications(status=status):
                yield self.application(each["receipt_number"])


def new_key() -> str:
    """An Idempotency-Key that nobody has used."""
    return str(uuid.uuid4())


def _problem(response: httpx.Response) -> ApiProblem:
    status = response.status_code
    return _BY_STATUS.get(status, Broken if status >= 500 else ApiProblem)(response)


def _pause(problem: ApiProblem) -> float | None:
    """After how many seconds the same request may be sent again; None: not at all."""
    if problem.status in (429, 503) or problem.code == "in_flight":
        return 1.0 if problem.retry_after is None else problem.retry_after
    return None


def _seconds(response: httpx.Response) -> float | None:
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else None


def _object(response: httpx.Response) -> Json:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _parts(rows: list[Json], most: int) -> Iterator[list[Json]]:
    for start in range(0, len(rows), most):
        yield rows[start : start + most]
