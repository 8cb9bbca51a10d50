"""CSV files: safe in a spreadsheet program, complete, and one query each (T-64, G-20)."""

import csv
import io

import pytest

from koss import clock
from koss.demo import payers
from payments import batches, csv_files, taking
from payments.csv_files import defused
from payments.models import PaymentInformation

pytestmark = pytest.mark.django_db
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
            offending += [cell for cell in row if cell.startswith(DANGEROUS)]

    assert cells > 500
    assert offending == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_apostrophe_stands_before_what_is_dangerous_and_nothing_else_changes(payload):
    safe = defused(payload)

    assert safe == (f"'{payload}" if payload.startswith(DANGEROUS) else payload)
    assert not safe.startswith(DANGEROUS)


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
    PaymentInformation.objects.update(agency_number="00100")

    with django_assert_num_queries(1):
        head, *rows = read(list(csv_files.batches(batches.of(user))))

    assert head[:4] == ["収納機関番号", "納付番号", "確認番号", "税・手数料種別"]
    assert len(rows) == 3
    assert rows[0][6] == "軽自動車検査協会・自動車技術総合機構"
    assert rows[0][8] == "未納"
