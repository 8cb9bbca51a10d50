"""The sandbox adapter: what it believes, what it refuses, and what it makes of a bank in trouble.

The bank here is a little server of the test's own, which can lie; tests/bank has the real one.
"""

import json
import threading
import urllib.error
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from koss.ground import clock
from payments import banks
from payments.banks import BadMessage, BankRefused, BankUnreachable, sandbox, signing, wire

SECRET = "shared"
NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
NOTICES, DEBITS, INQUIRIES = (
    f"/payment/bank/{name}/" for name in ("notices", "debits", "inquiries")
)
NUMBERS = {
    "agency_number": "00100",
    "payment_number": "30000000000000000003",
    "confirmation_number": "130110",
}
NOTICE = {
    "settlement_id": "S20260401-1",
    "agency_number": "00100",
    "payment_number": "30000000000000000003",
    "amount": 1500,
    "settled_at": "2026-04-01T12:00:00+09:00",
    "way": "link",
    "bank": "0101",
    "reference": "",
}
FAILURE = {
    "reference": "r1",
    "result": "failed",
    "reason": "daily_limit",
    "at": "2026-04-01T12:00:00+09:00",
}


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.KOSS_BANK_SECRET = SECRET
    wire.line.hear()
    yield
    wire.line.hear()  # no silence of these tests is held against the bank of others


@contextmanager
def a_bank(settings, *answers, signed=True, secret=SECRET, age=0, path=None):
    """A bank that gives ``answers``, (status, content) each, in turn; yields what it is asked."""
    asked, left = [], list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            length = int(self.headers.get("Content-Length", 0))
            asked.append((self.path, self.rfile.read(length), self.headers[signing.HEADER]))
            status, content = left.pop(0)
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            if signed:
                now = clock.system_now() - timedelta(seconds=age)
                purpose = f"answer:{path or self.path}"
                self.send_header(signing.HEADER, signing.sign(secret, purpose, body, now=now))
            if status == 302:
                self.send_header("Location", "/api/numbers/")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_line):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        settings.KOSS_BANK_ORIGIN = f"http://127.0.0.1:{server.server_port}"
        try:
            yield asked
        finally:
            server.shutdown()
            thread.join()


def ask():
    return sandbox.request_numbers(
        reference="r1", kind="fees", amount=1500, due_on=date(2026, 4, 10)
    )


GOOD = {"reference": "r1", **NUMBERS}


def test_the_module_is_named_by_a_setting(settings):
    assert banks.current() is sandbox
    settings.KOSS_BANK = "payments.banks.signing"
    assert banks.current() is signing


class TestAnswers:
    def test_a_good_one(self, settings):
        with a_bank(settings, (200, GOOD)) as asked:
            assert ask() == banks.Numbers(**NUMBERS)
        [(path, body, signature)] = asked
        signing.check(
            SECRET, f"portal-to-bank:POST {path}", body, signature, now=clock.system_now()
        )
        assert json.loads(body)["due_on"] == "2026-04-10"

    @pytest.mark.parametrize("status", [400, 404, 409, 422])
    def test_no_for_good(self, settings, status):
        with a_bank(settings, (status, {"refused": "why"})), pytest.raises(BankRefused) as no:
            ask()
        assert no.value.reason == "why"

    @pytest.mark.parametrize(
        ("status", "content"),
        [
            (500, {}),
            (503, GOOD),
            (429, {"refused": "x"}),
            (403, {"refused": "signature"}),
            (201, GOOD),
            (302, GOOD),
            (200, b""),
            (200, b"<html>"),
            (200, []),
            (200, {}),
            (200, GOOD | {"reference": "r2"}),
            (200, GOOD | {"payment_number": "1"}),
            (200, GOOD | {"payment_number": "３" * 20}),
            (200, GOOD | {"confirmation_number": 130110}),
            (200, GOOD | {"agency_number": None}),
        ],
    )
    def test_one_that_says_nothing(self, settings, status, content):
        with a_bank(settings, (status, content)), pytest.raises(BankUnreachable):
            ask()

    @pytest.mark.parametrize(
        "forged",
        [
            {"signed": False},
            {"secret": "another"},
            {"age": 301},
            {"path": "/api/debits/"},
        ],
    )
    @pytest.mark.parametrize("status", [200, 422])
    def test_one_that_is_not_the_banks(self, settings, status, forged):
        with a_bank(settings, (status, GOOD), **forged), pytest.raises(BankUnreachable):
            ask()

    @pytest.mark.parametrize(
        "origin", ["http://127.0.0.1:1", "http://nobody.invalid", "nonsense", "http://[::1"]
    )
    def test_nobody_there(self, settings, origin):
        settings.KOSS_BANK_ORIGIN = origin
        with pytest.raises(BankUnreachable):
            ask()

    @pytest.mark.parametrize(
        "trouble", [TimeoutError(), ConnectionResetError(), urllib.error.URLError("x")]
    )
    def test_the_line_is_cut(self, monkeypatch, trouble):
        def cut(*_args, **_named):
            raise trouble

        monkeypatch.setattr(wire._opener, "open", cut)
        with pytest.raises(BankUnreachable):
            ask()

    def test_who_was_silent_three_times_is_left_alone_for_a_while(self, monkeypatch):
        tried, now = [], [1000.0]

        def silent(*_args, **_named):
            tried.append(now[0])
            raise TimeoutError

        monkeypatch.setattr(wire._opener, "open", silent)
        monkeypatch.setattr(wire.time, "monotonic", lambda: now[0])
        for _ in range(5):
            with pytest.raises(BankUnreachable):
                ask()
        assert len(tried) == wire.line.SILENT_AT_MOST
        now[0] += wire.line.REST_SECONDS
        with pytest.raises(BankUnreachable):
            ask()
        assert tried[-1] == now[0]

    def test_an_account(self, settings):
        answer = {"reference": "r1", "accepted": True, "bank_name": "東京三葉銀行"}
        account = {
            "reference": "r1",
            "bank": "0101",
            "branch": "002",
            "account_type": "ordinary",
            "account_number": "1000001",
            "holder_kana": "ケイジ",
        }
        with a_bank(settings, (200, answer | {"branch_name": "中央支店"}), (200, answer)):
            assert sandbox.register_account(**account) == ("東京三葉銀行", "中央支店")
            with pytest.raises(BankUnreachable):
                sandbox.register_account(**account)

    def test_settlements_page_by_page(self, settings):
        second = NOTICE | {"settlement_id": "S20260401-2"}
        pages = [
            {"settlements": [NOTICE], "more": True},
            {"settlements": [second], "more": False},
        ]
        with a_bank(settings, *[(200, page) for page in pages]) as asked:
            found = list(sandbox.settlements(since=NOW))
        assert [each.settlement_id for each in found] == ["S20260401-1", "S20260401-2"]
        assert "since=2026-04-01T03%3A00%3A00%2B00%3A00" in asked[0][0]
        assert "after=S20260401-1" in asked[1][0]

    @pytest.mark.parametrize(
        "page",
        [
            {},
            {"settlements": None, "more": False},
            {"settlements": [1], "more": False},
            {"settlements": [NOTICE | {"amount": 0}], "more": False},
            {"settlements": [NOTICE]},
        ],
    )
    def test_odd_pages(self, settings, page):
        with a_bank(settings, (200, page)), pytest.raises(BankUnreachable):
            list(sandbox.settlements(since=NOW))

    def test_the_state_of_a_debit(self, settings):
        base = {"reference": "r1", "reason": "", "settlement": None}
        direct = NOTICE | {"way": "direct", "reference": "r1"}
        answers = [
            base | {"state": "unknown"},
            base | {"state": "failed", "reason": "account_closed"},
            base | {"state": "settled", "settlement": direct},
            base | {"state": "settled"},
            base | {"state": "lost"},
        ]
        with a_bank(settings, *[(200, each) for each in answers]):
            assert sandbox.debit_state("r1") == ("unknown", "", None)
            assert sandbox.debit_state("r1") == ("failed", "account_closed", None)
            state, _reason, settled = sandbox.debit_state("r1")
            assert (state, settled.reference) == ("settled", "r1")
            for _odd in range(2):
                with pytest.raises(BankUnreachable):
                    sandbox.debit_state("r1")


READERS = [
    (sandbox.read_notice, NOTICES, NOTICE),
    (sandbox.read_debit_failure, DEBITS, FAILURE),
    (sandbox.read_inquiry, INQUIRIES, NUMBERS),
]


class TestMessages:
    def read(self, reader, path, content, *, now=NOW, secret=SECRET, purpose=None):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        purpose = purpose or f"bank-to-portal:{path}"
        headers = {signing.HEADER: signing.sign(secret, purpose, body, now=NOW)}
        return reader(headers, body, path, now=now)

    def test_a_notice(self):
        found = self.read(*READERS[0])
        assert found.settled_at == NOW
        assert found.amount == 1500

    def test_a_debit_that_failed(self):
        assert self.read(*READERS[1]) == banks.DebitFailure("r1", "daily_limit", NOW)

    def test_an_inquiry(self):
        assert self.read(*READERS[2]) == banks.Inquiry(**NUMBERS)

    @pytest.mark.parametrize(("reader", "path", "content"), READERS)
    @pytest.mark.parametrize(
        "forged",
        [
            {"secret": "another"},
            {"purpose": "bank-to-portal:/payment/bank/other/"},
            {"purpose": "answer:/payment/bank/notices/"},
            {"now": NOW + timedelta(seconds=301)},
            {"now": NOW - timedelta(seconds=301)},
        ],
    )
    def test_not_the_banks(self, reader, path, content, forged):
        with pytest.raises(BadMessage) as bad:
            self.read(reader, path, content, **forged)
        assert bad.value.status == 403

    @pytest.mark.parametrize(("reader", "path", "content"), READERS)
    def test_unsigned(self, reader, path, content):
        with pytest.raises(BadMessage) as bad:
            reader({}, json.dumps(content).encode(), path, now=NOW)
        assert bad.value.status == 403

    @pytest.mark.parametrize(("reader", "path", "content"), READERS)
    def test_every_field_is_needed_and_of_its_form(self, reader, path, content):
        odds = (None, [], {}, True, 1.5, -1, "\ud800", "a\x00b", "x" * 500, 10**40, "あ")
        for name in content:
            for odd in odds:
                with pytest.raises(BadMessage) as bad:
                    self.read(reader, path, content | {name: odd})
                assert bad.value.status == 400
            with pytest.raises(BadMessage):
                self.read(reader, path, {k: v for k, v in content.items() if k != name})

    @pytest.mark.parametrize(("reader", "path", "_content"), READERS)
    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
    def test_no_object(self, reader, path, _content, body):
        with pytest.raises(BadMessage) as bad:
            self.read(reader, path, body)
        assert bad.value.status == 400

    @pytest.mark.parametrize(
        "moment", ["2026-04-01", "2026-04-01T12:00:00", "0001-01-01T00:00:00+09:00", "yesterday"]
    )
    def test_a_moment_says_its_zone(self, moment):
        with pytest.raises(BadMessage):
            self.read(sandbox.read_notice, NOTICES, NOTICE | {"settled_at": moment})


def test_a_link_says_everything_and_is_never_the_same(settings):
    settings.KOSS_BANK_ORIGIN = "http://bank.example"
    facts = {
        "bank": "0101",
        **NUMBERS,
        "amount": 1500,
        "kind": "検査手数料",
        "payee": "軽自動車検査協会",
        "payee_kana": "ｹｲｼﾞ",
        "due_on": date(2026, 4, 10),
        "return_url": "https://oss.example/payment/",
        "now": NOW,
    }
    first, second = sandbox.link(**facts), sandbox.link(**facts)
    assert first.url == "http://bank.example/link/"
    assert first.fields["bank"] == "0101"
    assert first.fields["token"] != second.fields["token"]
