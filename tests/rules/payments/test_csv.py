"""CSV files: right and safe in a spreadsheet program, complete, and one query each."""

import csv
import io
from datetime import date

import pytest

from koss.ground import clock
from koss.ground.csv_lines import cell
from payments.batches import csv_files, overview
from payments.demo import payers
from payments.models import PaymentInformation
from payments.numbers import taking

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
FEES = "検査手数料等まとめ払い中"
PAYLOADS = [
    '=HYPERLINK("http://evil.example/","ここ")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    '"=1+1"',
    '";=1+1',
    ",=1+1",
    "軽自 太郎",
    "",
]
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def read(lines):
    text = "".join(lines)
    assert text.startswith("\ufeff")
    assert text.replace("\r\n", "").startswith('\ufeff"')
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_no_cell_begins_a_formula(an_application, django_assert_num_queries):
    """Every payload in every field that people fill in, 500 rows and more."""
    now, user = clock.now(), payers.payment_user()
    made = [an_application(FEES) for _number in range(3)]
    [batch] = taking.take(user, [row.pk for row in made], now=now)
    offending, cells = [], 0
    for first in range(len(PAYLOADS)):
        for place, application in enumerate(made):
            text = PAYLOADS[(first + place) % len(PAYLOADS)]
            for name in ("applicant_name", "user_name", "chassis_number", "plate"):
                setattr(application, name, text[:30])
            application.save()
        with django_assert_num_queries(1):
            lines = list(csv_files.details(batch))
        for row in read(lines):
            cells += len(row)
            offending += [one for one in row if one.startswith(DANGEROUS) and one != "-"]

    assert cells > 500
    assert offending == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_apostrophe_stands_before_what_is_dangerous_and_nothing_else_changes(payload):
    safe = cell(payload)

    assert safe == (f"'{payload}" if payload.startswith(DANGEROUS) else payload)
    assert not safe.startswith(DANGEROUS)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("-", "-"),
        ("", ""),
        (None, ""),
        (0, "0"),
        (-1, "-1"),
        (date(2026, 5, 10), "2026-05-10"),
        ("0012345678", "'0012345678"),
        ("123456789012345678", "'123456789012345678"),
        ("1-2", "'1-2"),
        ("1e5", "'1e5"),
        ("3000 0000 0000 0000 0003", "3000 0000 0000 0000 0003"),
        ("AX01-0000001", "AX01-0000001"),
    ],
)
def test_what_would_become_another_value_stays_text(value, written):
    assert cell(value) == written


def test_every_cell_is_quoted(an_application):
    [batch] = taking.take(payers.payment_user(), [an_application(FEES).pk], now=clock.now())

    for line in csv_files.details(batch):
        assert line.removeprefix("\ufeff").startswith('"')
        assert line.endswith('"\r\n')
        assert line.count('"') == 2 * (line.count('","') + 1)


def test_the_file_of_a_batch_has_every_line(an_application):
    first, second = an_application(FEES), an_application(FEES)
    [batch] = taking.take(payers.payment_user(), [first.pk, second.pk], now=clock.now())
    batch.lines.filter(charge__application=second).update(released_at=clock.now())

    head, *rows = read(csv_files.details(batch))

    assert head == [
        "納付番号",
        "受付番号",
        "業務種別",
        "車両番号",
        "車台番号",
        "申請者名",
        "使用者名",
        "税・手数料種別",
        "金額",
        "納付期限",
        "申請状況",
        "対象から外れた日時",
    ]
    assert len(rows) == 4
    kinds = [row[7] for row in rows[:2]]
    assert kinds == ["検査手数料", "技術情報管理手数料"]
    assert sum(int(row[8]) for row in rows) == batch.amount
    assert [bool(row[11]) for row in rows] == [False, False, True, True]
    assert rows[0][9] == first.deadline.isoformat()


def test_the_file_of_the_list_has_every_batch(an_application, django_assert_num_queries):
    user = payers.payment_user()
    for _number in range(3):
        taking.take(user, [an_application(FEES).pk], now=clock.now())
    for row in PaymentInformation.objects.all():
        row.agency_number, row.confirmation_number = "00100", "090925"
        row.payment_number = f"0909250030380000{row.pk:04d}"
        row.save()

    with django_assert_num_queries(1):
        head, *rows = read(list(csv_files.batches(overview.of(user))))

    assert head[:5] == ["収納機関番号", "納付番号", "確認番号", "納付区分", "税・手数料種別"]
    assert len(rows) == 3
    assert rows[0][0] == "00 100"
    assert rows[0][1].startswith("0909 2500 3038 0000 ")
    assert rows[0][2:4] == ["090 925", "-"]
    assert rows[0][7] == "軽自動車検査協会・自動車技術総合機構"
    assert rows[0][9] == "未納"
