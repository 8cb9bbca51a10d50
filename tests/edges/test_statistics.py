"""統計: what each kind counts, who sees it, and what it costs."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from applications.life import moves
from applications.models import Office
from applications.status import Actor, MoveName
from koss.ground import clock
from koss.models import OutgoingMail
from koss.statistics import chart, table
from koss.statistics.kinds import KINDS
from payments.models import Refund
from payments.money import settlements
from payments.numbers import refunds
from tests import pages, plans
from tests.rules.payments import numbers
from tests.staff import a_user, options_of, signed_in, text_of
from tests.world import make

D = date(2026, 5, 10)
DAY = timedelta(days=1)
NOON = clock.at(D, hour=12)
PAGE = "/admin/statistics/"
REVIEWER = ["arrivals", "offices", "decisions", "ends", "pickups"]
SEES = {
    "reviewer": REVIEWER,
    "tax_office": REVIEWER,
    "counter": ["arrivals", "offices", "pickups"],
    "operator": ["payments", "refunds", "mails"],
}

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    time_machine.move_to(NOON, tick=False)


def asked(kind, first=D - 9 * DAY, last=D):
    return {"kind": kind, "first": first.isoformat(), "last": last.isoformat()}


@pytest.fixture
def clients():
    """By role; "": a superuser."""
    return {role: signed_in(*filter(None, [role]), superuser=not role) for role in ["", *SEES]}


@pytest.fixture
def counted(clients):
    return lambda kind, role="", **period: _counted(clients[role], kind, **period)


def _counted(client, kind, **period):
    """The lines of the file, without its first."""
    answer = client.get(f"{PAGE}csv/", asked(kind, **period))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_arrivals_by_day_and_by_office(counted):
    for _ in range(2):
        make("検査申請受付中", days_ago=0)
    make("検査申請受付中", "新車", days_ago=1, office=Office.objects.get(name="札幌主管事務所"))

    assert counted("arrivals", "reviewer") == [
        ["2026-05-09", "新車", "画面申請", "1"],
        ["2026-05-10", "継続検査", "画面申請", "2"],
        ["合計", "", "", "3"],
    ]
    assert counted("offices", "tax_office") == [
        ["札幌主管事務所", "新車", "画面申請", "1"],
        ["東京主管事務所", "継続検査", "画面申請", "2"],
        ["合計", "", "", "3"],
    ]
    assert counted("arrivals", "counter")[-1] == ["合計", "", "", "2"]


def test_decisions_with_their_days_and_what_ended_without_one(counted):
    waits = [make("検査申請審査中", now=NOON - days * DAY) for days in (1, 2, 9)]
    for application in waits:
        applied_on = application.applied_on
        moves.perform(
            MoveName.REJECT,
            application,
            actor=Actor.REVIEWER,
            now=clock.at(D, hour=0),
            inputs=moves.Inputs(reason="不備"),
        )
        assert applied_on < D
    days = sorted((D - application.applied_on).days for application in waits)
    make("検査申請取り下げ中", now=NOON)

    line = ["却下する", "3", str(days[1]), str(days[2])]
    assert ["2026-05-10", *line] in counted("decisions", "reviewer")
    assert counted("decisions", "tax_office", last=D - DAY) == []
    assert counted("ends")[-2:] == [["2026-05-08", "申請を取り下げる", "1"], ["合計", "", "1"]]


def test_a_share_of_days_is_the_lowest_day_that_covers_it():
    waited = {0: 5, 3: 4, 8: 1}

    assert [table.percentile(waited, share) for share in (0.5, 0.9, 1)] == [0, 3, 8]
    assert table.percentile({}, 0.5) is None


def test_money_and_what_goes_back(bank, counted):
    information = numbers.batch(now=NOON - DAY)
    late = clock.at(D, hour=1)
    for _ in range(2):
        settlements.receive(bank.settles(information, settled_at=NOON - DAY), now=late)
    paid = str(information.amount)
    refunds.complete(Refund.objects.get(), by="operator", note="振込", now=NOON)

    assert counted("payments", "operator") == [
        ["2026-05-09", "情報リンク方式", "2", paid, paid],
        ["合計", "", "2", paid, paid],
    ]
    assert counted("refunds") == [
        ["2026-05-10", "情報リンク方式", "1", paid, "1", paid],
        ["合計", "", "1", paid, "1", paid],
    ]


def test_mails_and_what_was_handed_over(counted):
    make("返付済", now=NOON)
    OutgoingMail.objects.update(created_at=clock.at(D), state="sent")
    mails = str(OutgoingMail.objects.count())

    assert counted("mails", "operator") == [
        ["2026-05-10", mails, "0", "0", mails, "0"],
        ["合計", mails, "0", "0", mails, "0"],
    ]
    assert counted("pickups", "counter") == counted("pickups")
    assert counted("mails", last=D - DAY) == []


@pytest.mark.parametrize("role", SEES)
def test_each_role_is_offered_and_given_its_own(role):
    client = signed_in(role)

    offered = options_of(client.get(PAGE), "kind")
    answers = {kind.key: client.get(f"{PAGE}csv/", asked(kind.key)) for kind in KINDS}

    assert offered == SEES[role]
    given = [
        key for key, answer in answers.items() if answer.headers["Content-Type"][:8] == "text/csv"
    ]
    assert given == SEES[role]
    assert PAGE in client.get(reverse("admin:index")).content.decode()


def test_without_a_role_there_is_nothing():
    client = signed_in(username="new")

    assert {client.get(path).status_code for path in (PAGE, f"{PAGE}csv/")} == {403}
    assert PAGE not in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-05-10", "2026-05-09", "最初の日か、それより後の日付を入力してください。"),
        ("2025-01-01", "2026-05-10", "期間は400日までです。"),
        ("1999-12-31", "2000-01-01", "2000年から2199年までの日付を入力してください。"),
        ("2026-05-10", "2026-05-11", "2026-05-10までの日付を入力してください。"),
        ("きのう", "2026-05-10", "日付は2022-01-31のように入力してください。"),
        ("", "", "最初の日を入力してください。"),
    ],
)
def test_a_period_at_fault_is_told_and_kept(first, last, said):
    answer = signed_in("reviewer").get(
        f"{PAGE}csv/", {"kind": "arrivals", "first": first, "last": last}
    )

    assert said in text_of(answer)
    fields = pages.read(answer.content.decode()).all("input")
    assert first in [field["value"] or "" for field in fields if field["name"] == "first"]


def test_a_chart_has_as_many_bars_as_one_can_read_and_each_leads_to_its_days():
    for days, bars in ((14, 14), (15, 3), (98, 14), (99, 4), (400, 14)):
        periods = list(chart.periods(D - (days - 1) * DAY, D))
        assert sum((end - begin).days + 1 for begin, end in periods) == days
        assert len(periods) == bars or days > 98
        assert len(periods) <= 15
    make("検査申請受付中", now=NOON)

    page = signed_in("reviewer").get(PAGE, asked("arrivals", first=D - 20 * DAY))

    assert f"{PAGE}?kind=arrivals&amp;first=2026-05-04&amp;last=2026-05-10" in page.content.decode()
    assert "1本の棒は、下の日付からの1週間の合計です。" in text_of(page)
    assert [chart.unit(D - days * DAY, D) != "" for days in (13, 14, 98)] == [False, True, True]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_a_page_asks_seldom(kind, django_assert_num_queries):
    client = signed_in(superuser=True)

    # session, user, roles, what was counted: of refunds those opened and those made
    with django_assert_num_queries(5 if kind.key == "refunds" else 4):
        client.get(PAGE, asked(kind.key))


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_no_kind_walks_a_whole_table(kind):
    user = a_user(superuser=True)
    user.get_all_permissions()
    make("検査申請受付中")

    plan = plans.of_first_query(lambda: kind.count(user, D - 9 * DAY, D))

    assert "SCAN" not in plan
    assert " INDEX " in plan
