"""日次収納報告 as staff read, print and download it."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from koss.ground import clock
from payments.models import SettlementNotice
from payments.money import settlements
from payments.staff.forms import DayForm
from tests import pages
from tests.rules.payments import numbers
from tests.staff import signed_in, text_of

D = date(2026, 5, 10)
DAY = timedelta(days=1)
NOON = clock.at(D, hour=12)
REPORT = "/admin/payments/cash/"
HEAD = [
    "収納機関番号", "納付方式", "税・手数料種別", "入金件数", "消込額", "還付対象額", "収納額",
]  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def yesterday(bank):
    """On the day before: one number that was paid twice, the second time to go back."""
    information = numbers.batch(now=NOON - DAY)
    message = bank.settles(information, settled_at=NOON - DAY)
    settlements.receive(message, now=NOON - DAY)
    settlements.receive(message, now=NOON - DAY)
    settlements.receive(bank.settles(information, settled_at=NOON - DAY), now=NOON - DAY)
    return information.amount


def rows(response):
    page = pages.read(response.content.decode())
    return [[cell.text for cell in row.all("th", "td")] for row in page.all("tr")]


def yen(amount):
    return f"¥ {amount:,}"


def test_the_page_shows_the_last_day_whose_night_has_begun(yesterday):
    answer = signed_in("operator").get(REPORT)

    sums = ["2", yen(yesterday), yen(yesterday), yen(2 * yesterday)]
    assert "2026年 05月 09日の入金" in text_of(answer)
    assert rows(answer) == [
        HEAD,
        ["00100", "情報リンク方式", "検査手数料・技術情報管理手数料", *sums],
        ["00100 の小計", *sums],
        ["合計", *sums],
    ]


def test_it_says_that_the_totals_are_those_of_the_notices(yesterday):
    said = text_of(signed_in("operator").get(REPORT))

    notices = SettlementNotice.objects.count()
    assert f"この日の入金通知は{notices}件です。" in said
    assert f"入金を知らせるものは2件、{yen(2 * yesterday)}で、下の表の合計と一致します。" in said
    assert "同じ内容のもの1件、内容の異なるもの0件あります。" in said


def test_the_days_before_and_after(yesterday):
    client = signed_in("operator")

    first = client.get(REPORT).content.decode()
    today = client.get(REPORT, {"day": "2026-05-10"})

    assert 'href="?day=2026-05-08"' in first
    assert 'href="?day=2026-05-10"' in first
    assert "この日の入金はありません。" in text_of(today)
    assert "次の日" not in text_of(today)
    assert "前の日" not in text_of(client.get(REPORT, {"day": "2000-01-01"}))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "入金日を入力してください。"),
        ("きのう", "入金日は「2024-06-05」の形で入力してください。"),
        ("2026-02-30", "入金日は「2024-06-05」の形で入力してください。"),
        ("2026-05-11", "2000-01-01から2026-05-10までの日付を入力してください。"),
        ("0001-01-01", "2000-01-01から2026-05-10までの日付を入力してください。"),
    ],
)
@pytest.mark.parametrize("path", [REPORT, f"{REPORT}csv/"])
def test_a_day_that_is_none(path, typed, said):
    answer = signed_in("operator").get(path, {"day": typed})

    assert answer.status_code == 200
    assert said in text_of(answer)
    page = pages.read(answer.content.decode())
    assert typed in [field["value"] or "" for field in page.all("input") if field["name"] == "day"]


def test_the_file(yesterday):
    answer = signed_in("operator").get(f"{REPORT}csv/", {"day": "2026-05-09"})

    assert answer["Content-Disposition"] == 'attachment; filename="cash-20260509.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    sums = ["2", str(yesterday), str(yesterday), str(2 * yesterday)]
    assert list(csv.reader(io.StringIO(text))) == [
        ["入金日", *HEAD],
        ["2026-05-09", "00 100", "情報リンク方式", "検査手数料・技術情報管理手数料", *sums],
        ["2026-05-09", "合計", "", "", *sums],
    ]


def test_a_cell_of_the_file_is_no_formula(bank):
    information = numbers.batch(now=NOON)
    message = bank.settles(information, agency_number="=1+1", settled_at=NOON)
    settlements.receive(message, now=NOON)

    answer = signed_in("operator").get(f"{REPORT}csv/", {"day": "2026-05-10"})

    assert b'"\'=1+1"' in b"".join(answer.streaming_content)


def test_the_first_page_leads_to_it():
    page = signed_in("operator").get(reverse("admin:index")).content.decode()

    [link] = [each for each in pages.read(page).all("a") if each["href"] == REPORT]
    assert link.text == "日次収納報告"
    for role in ("reviewer", "tax_office", "counter"):
        assert REPORT not in signed_in(role).get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_seldom(bank, django_assert_num_queries, count):
    for _ in range(count):
        settlements.receive(bank.settles(numbers.batch(1, now=NOON), settled_at=NOON), now=NOON)
    client = signed_in("operator")

    # session, user, roles, two of permissions, report
    with django_assert_num_queries(6):
        client.get(REPORT, {"day": "2026-05-10"})


@pytest.mark.parametrize(
    ("typed", "kind"), [("2026-05-10", "date"), ("x", "text"), ("2026-02-31", "text")]
)
def test_what_is_no_date_stays_as_it_was_typed(typed, kind):
    [field] = DayForm({"day": typed}, first=date(2020, 1, 1), last=date(2030, 1, 1))

    html = str(field)

    assert f'type="{kind}"' in html
    assert f'value="{typed}"' in html
