"""The example client and its conformance walk, as processes of their own, against `make run`.

A vendor has the files of docs/client, an API key and the practice certificate, and nothing else.
"""

import json
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.signatures.sandbox import authority
from applications.signatures.sandbox.samples import PIN
from payments.demo import payers
from tests.api import rows
from tests.api.over_http import Browser
from tests.apply import hostile, walk
from tests.browser.portal import Portal
from tests.practice import home, signed
from tests.prepared import prepare
from tests.processes import ROOT, newcomer
from tests.visitor import Visitor

pytestmark = pytest.mark.fault  # processes


@pytest.fixture(scope="module")
def portal(tmp_path_factory, django_db_setup):
    data = tmp_path_factory.mktemp("vendor")
    shutil.copytree(authority.directory(home()), authority.directory(data))
    with Portal(prepare(data), KOSS_DEMO_EMPTY="1").running() as portal:
        yield portal


@pytest.fixture
def browser(portal):
    browser = Browser(portal.origin)
    yield browser
    browser.close()


@pytest.fixture
def a_key(browser):
    """``a_key(*scopes)``: as マイページ gives it out."""

    def make(*scopes):
        user = Visitor(browser)
        user.opens("/mypage/login/")
        user.fills("納付利用者ID", payers.PAYER)
        user.fills("納付利用者パスワード", payers.PASSWORD)
        user.presses("ログイン")
        user.opens(f"{user.path}keys/new/")
        user.fills("名前", "申請システム")
        for box in user.page.all("input"):
            if box["name"] == "scopes" and box["value"] in scopes:
                user.ticked.add(box["id"])
        user.presses("APIキーを作成する")
        return re.search(r"koss_[\w-]{43}", user.html)[0]

    return make


@pytest.fixture
def vendor(portal, tmp_path):
    """``vendor(program, *arguments, key=…)``: the finished process."""
    for file in ("koss_client.py", "koss_cli.py", "conformance.py", "magic_values.py"):
        shutil.copy(ROOT / "docs" / "client" / file, tmp_path)
    shutil.copy(authority.directory(home()) / "p12" / "scrivener.p12", tmp_path)

    def run(program, *arguments, key):
        environment = newcomer(KOSS_KEY=key, KOSS_PIN=PIN, NO_PROXY="127.0.0.1", PYTHONUTF8="1")
        environment.pop("PYTHONPATH", None)
        return subprocess.run(
            [sys.executable, program, portal.origin, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    run.home = tmp_path
    return run


@pytest.fixture
def client(vendor, a_key):
    """``client(command, *arguments)``: the JSON lines of the example client."""
    key = vendor.key = a_key("read", "submit", "pay", "sandbox")

    def say(*arguments):
        done = vendor("koss_cli.py", *arguments, key=key)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return say


class Staff:
    """Staff and the bank, as the sandbox plays them. ``http``: leads there with a key."""

    def __init__(self, http):
        self._http = http

    def move(self, numbers, move, **said):
        for number in numbers:
            self._post(f"applications/{number}/moves", {"move": move, **said})

    def pay(self, payment_number):
        self._post(f"payment-numbers/{payment_number}/pay", {})

    def today(self, *, days):
        now = self._http.get("clock").json()["now"]
        return (date.fromisoformat(now[:10]) + timedelta(days=days)).isoformat()

    def _post(self, path, body):
        answer = self._http.post(path, json=body)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def staff(portal, vendor, client):
    with httpx.Client(
        base_url=f"{portal.origin}/api/v1/sandbox/",
        headers={"Authorization": f"Bearer {vendor.key}"},
        timeout=60,
        trust_env=False,
    ) as http:
        yield Staff(http)


def pay(client, staff, numbers, status):
    """What the client finds due, by one number, until the bank's notice has moved everything."""
    due = [each for each in client("payments") if each["receipt_number"] in numbers]
    assert {each["receipt_number"] for each in due} == set(numbers)
    [taken] = client("numbers", *numbers)
    assert taken["amount"] == sum(each["amount"] for each in due)
    staff.pay(taken["payment_number"])
    assert len(client("wait", status, *numbers)) == len(numbers)


def correct(browser, number, **fields):
    """Answer the correction order on the portal's pages, signed again."""
    applicant = Visitor(browser)
    applicant.opens("/status/login/correction/")
    applicant.fills("受付番号（到達番号）", number)
    applicant.presses("次へ")
    applicant.fills("申請用パスワード", rows.PASSWORD)
    applicant.presses("ログイン")
    applicant.typed |= fields
    applicant.presses("補正内容を確認する")
    applicant.presses("署名に進む")
    page = applicant.path
    content = browser.get(page.replace("signature", "text")).content
    form = next(f for f in applicant.page.all("form") if "signature" in f["action"])
    cms = SimpleUploadedFile("application.p7s", signed(content))
    walk.posts(applicant, page, dict(applicant._values(form)) | {"signature": cms})
    applicant.sees("補正を申請しました")


def test_a_vendors_day(client, staff, browser, vendor):
    """Sent, corrected on the portal, paid together, 返付準備完了: told by the interface alone."""
    (vendor.home / "insurance.pdf").write_bytes(hostile.document())
    paper = {"kind": "liability_insurance", "file": "insurance.pdf"}
    several = [rows.row("day-1", attachments=[paper]), rows.row("day-2"), rows.row("day-3")]
    several[2] |= {"plate": "品川"}
    (vendor.home / "set.json").write_text(json.dumps({"applications": several}))

    *_earlier, cursor = client("changes")
    sent = client("send", "set.json", "--certificate", "scrivener.p12")
    again = client("send", "set.json", "--certificate", "scrivener.p12")

    assert [each["state"]["code"] for each in sent] == ["taken_in", "taken_in", "faulty"]
    assert [each["pointer"] for each in sent[2]["errors"]] == ["#/applications/2/plate"]
    numbers = [each["receipt_number"] for each in sent[:2]]
    assert [each["errors"][0]["code"] for each in again[:2]] == ["duplicate_reference"] * 2
    assert all(
        number in each["errors"][0]["detail"] for number, each in zip(numbers, again, strict=False)
    )
    *changed, cursor = client("changes", cursor["next_cursor"])
    assert {each["receipt_number"] for each in changed} == set(numbers)

    staff.move(numbers, "accept")
    pay(client, staff, numbers, "in_review")
    staff.move(
        numbers[:1],
        "order_correction",
        reason="使用者名を確認してください。",
        fields=["user_name"],
        deadline=staff.today(days=3),
    )
    [ordered] = client("corrections")
    assert ordered["receipt_number"] == numbers[0]
    assert ordered["correction"]["reason"] == "使用者名を確認してください。"

    correct(browser, numbers[0], user_name="軽自　次郎")

    staff.move(numbers, "pass_review", despite_missing=True)
    pay(client, staff, numbers, "ready_to_return")
    *changed, _cursor = client("changes", cursor["next_cursor"])
    assert {each["status"]["label"] for each in changed} == {"返付準備完了"}
    names = {each["receipt_number"]: each["user_name"] for each in changed}
    assert [names[number] for number in numbers] == ["軽自　次郎", "軽自　太郎"]


def test_the_walk_finds_that_everything_holds(vendor, a_key):
    done = vendor("conformance.py", key=a_key("read", "submit", "pay", "sandbox"))

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("\nok ") > 40
    assert "DIFFERS" not in done.stdout
    assert done.stdout.endswith("Nothing differs.\n")


def test_values_are_sent_and_come_to_rest(vendor, a_key):
    key = a_key("read", "submit", "pay", "sandbox")
    done = vendor("magic_values.py", "--only", "TX100-", "TX513-", "revoked.p12", key=key)

    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["ok", "TX100-", "fees_due"],
        ["ok", "TX100-", "fees_in_batch"],
        ["ok", "TX513-", "withdrawn"],
        ["ok", "revoked.p12", "not_accepted"],
    ]


def test_the_walk_finds_what_differs(vendor, a_key):
    done = vendor("conformance.py", key=a_key("read", "pay", "sandbox"))

    assert done.returncode == 1
    assert "DIFFERS  the key may read, submit, pay and drive the sandbox: ['submit']" in done.stdout
    assert "DIFFERS  goes to its end (Forbidden: 403 scope_missing" in done.stdout
    assert "The rest was not walked." in done.stdout
