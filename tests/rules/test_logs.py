"""Log lines: what every logger of the house writes, fed with what may not stand there."""

import ast
import json
import logging
import re
import sys
import uuid

import pytest

from koss.ground import masking
from koss.ground.logs import Json, Ours, Plain
from tests.house.sources import python_files

RECEIPT = "20261129123456784"
# What may not be read in any line, each in a form in which it may come.
HOSTILE = {
    "a receipt number": RECEIPT,
    "one with hyphens": "2026-1129-1234-56784",
    "one in full-width digits": "２０２６１１２９１２３４５６７８４",
    "a payment number": "12345678901234567890",
    "an account": "7654321",
    "a telephone": "03-1234-5678",
    "a mobile telephone": "09012345678",
    "a mail address": "taro.yamada@mail.example",
    "a name": "軽自 太郎",
    "a name in kana": "ｹｲｼﾞ ﾀﾛｳ",
    "a handle": "Zk3nP0qLw8RtYx2Vb7Mc1A",
    "a key": "koss_4f9d01c2aa55Qw8RtYx2Vb7Mc1AZk3nP0q",
    "a secret of a webhook": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "a password in a form": "password=Demo-pass-2024&x=1",
    "a password in JSON": '{"password": "Demo-pass-2024"}',
    "a query": "/search/?q=taro&page=2",
    "a header": "Authorization: Bearer abc.def",
    "a cookie": "Cookie: sessionid=abcdef; csrftoken=ghijkl",
    "a password in an address": "postgres://koss:hunter2@db/koss",
    "a line of its own": "x\n2026-11-29 forged",
}
# Of those above, what must be gone.
GONE = re.compile(
    r"20261129123|2026-1129|5678|1234567890|7654321|taro|yamada|軽自|太郎|ｹｲｼﾞ|２０２６|Zk3nP0q"
    r"|Demo-pass|abc\.def|abcdef|ghijkl|hunter2|whsec_Mf|4f9d01c2|\n2026-11-29 forged"
)


def written(formatter, logger, level, message, arguments, *, error=None, facts=None):
    """The line that ``logger`` writes."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(logger, level, "f", 1, message, arguments, info)
    if facts:
        record.facts = facts
    return formatter.format(record)


def calls():
    """(file:line, message or None where it is no literal, number of arguments) of each log call."""
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            of = node.func.value
            if isinstance(of, ast.Name) and of.id in {"logger", "_log"}:
                if node.func.attr in {"getLogger", "getLevelName"}:
                    continue
                given = node.args[1:] if node.func.attr == "log" else node.args
                literal = isinstance(given[0], ast.Constant)
                text = given[0].value if literal else None
                yield f"{path.name}:{node.lineno}", text, len(given) - 1


def raised(words):
    try:
        try:
            raise KeyError(words)
        except KeyError as cause:
            raise RuntimeError(f'in "one_mail_per_event"\nDETAIL: ({words})') from cause
    except RuntimeError as error:
        return error


@pytest.mark.parametrize("formatter", [Json(), Plain()], ids=["json", "plain"])
def test_no_logger_of_the_house_tells_it(formatter):
    found = list(calls())
    # A message is written in the code, without values.
    assert [place for place, message, _count in found if message is None] == []
    for hostile in HOSTILE.values():
        lines = list(fed_with(hostile, found, formatter))
        assert len(lines) > 25
        assert [line for line in lines if GONE.search(line.replace("\n  ", " "))] == []


def fed_with(hostile, found, formatter):
    """What all loggers write of ``hostile``."""
    for _place, message, count in found:
        numbers = message.count("%d")
        given = (hostile if numbers == 0 else 1 for _ in range(count))
        yield written(formatter, "koss", 40, message, tuple(given), error=raised(hostile))
    yield written(formatter, "library", 20, f"got {hostile} here", ())
    yield written(formatter, "library", 20, "got %(it)s", ({"it": hostile},))
    yield written(formatter, "koss", 20, "x", (), facts={"it": hostile, "all": [hostile]})


def test_a_planted_way_past_the_masks_is_seen():
    line = written(Json(), "koss", 20, "%s", (Ours(HOSTILE["a mail address"]),))

    assert GONE.search(line)


def test_what_an_operator_needs_stays():
    error = raised("x")
    given = (12_345_678, uuid.UUID(int=5), "ConnectionRefusedError", RECEIPT, int(RECEIPT))
    line = written(Json(), "koss.mail", 40, "%s %s %s %s %s", given, error=error)

    found = json.loads(line)
    assert found["message"] == f"12345678 {uuid.UUID(int=5)} ConnectionRefusedError ***6784 ***6784"
    assert found["says"] == 'in "one_mail_per_event"'
    assert found["where"][0].startswith("tests/rules/test_logs.py:")
    assert "after KeyError" in " ".join(found["where"])
    assert (found["level"], found["logger"]) == ("ERROR", "koss.mail")


def test_a_line_that_cannot_be_said_breaks_nothing():
    assert json.loads(written(Json(), "x", 20, "%d things", ("many",)))["message"]


def test_a_long_text_is_cut_before_it_takes_time():
    assert len(masking.line("ab " * 1_000_000)) < 1100


def test_the_path_of_a_request_is_not_told(rf):
    request = rf.get("/mypage/reset/link/abc/")
    record = logging.LogRecord(
        "django.request", 40, "f", 1, "Internal Server Error: %s", (request.path,), None
    )
    record.request = request

    assert "abc" not in Json().format(record)
    assert "(path)" in Json().format(record)


def test_the_program_is_named_by_its_command(monkeypatch):
    from koss.ground import logs

    for arguments, name in [
        (["manage.py", "db_worker", "--verbosity", "0"], "worker"),
        (["manage.py", "night"], "night"),
        (["/usr/bin/pytest"], "pytest"),
    ]:
        monkeypatch.setattr(sys, "argv", arguments)
        assert logs._by_command.__wrapped__() == name
