"""The first page of staff: its numbers lead to the rows they count, and cost what they may."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application, Office
from applications.staff.desk import AGES
from koss.ground import clock, counting
from koss.models import MailState, NightRun, OutgoingMail
from koss.operation import gauges
from tests import pages
from tests.staff import a_user, signed_in, text_of
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.django_db]

DESK = reverse("admin:index")
LIST = "/admin/applications/application/"


def tiles(answer):
    """Title and address → number, of each tile."""
    page = pages.read(answer.content.decode())
    found = {}
    for each in page.all("li"):
        if each["class"].startswith("koss-tile"):
            [link] = each.all("a")
            title, _, number = link.text.rpartition(" ")
            if title:  # a way to a page where nothing is counted has no number
                found[title, link["href"]] = int(number.removesuffix("件").replace(",", ""))
    return found


def rows_behind(client, url):
    return client.get(url).context["cl"].result_count


@pytest.fixture
def busy():
    """Something behind every number of those who handle applications."""
    today = clock.today()
    make("検査申請受付中")
    make("検査申請受付中", days_ago=5)
    make("検査申請審査中", days_ago=2)
    make("軽自動車税申告審査中")
    make("返付準備完了")
    make("返付準備完了", office=Office.objects.get(name="札幌主管事務所"))
    for left in (-2, 0, 3, 5):
        waits = make("検査申請補正待ち")
        Application.objects.filter(pk=waits.pk).update(deadline=today + timedelta(days=left))


@pytest.mark.parametrize("role", ["reviewer", "tax_office", "counter"])
def test_each_number_leads_to_the_rows_it_counts(busy, role):
    client = signed_in(role)
    answer = client.get(DESK)

    numbers = tiles(answer)
    table = pages.read(answer.content.decode())
    cells = {
        link["href"]: int(link.text.split("件")[0])
        for cell in [*table.all("td"), *table.all("li")]
        for link in cell.all("a")
        if link["href"].startswith(LIST)
        and "件" in link.text
        and not cell["class"].startswith("koss-tile")
    }

    assert sum(numbers.values()) > 0
    assert len(cells) > 5
    for (title, url), number in numbers.items():
        assert (title, rows_behind(client, url)) == (title, number)
    for url, number in cells.items():
        assert (url, rows_behind(client, url)) == (url, number)


def test_what_expires_is_told_in_words_and_colour(busy):
    said = text_of(signed_in("reviewer").get(DESK))

    today = clock.today()
    assert f"{today}（本日まで）" in said
    assert f"{today + timedelta(days=3)}（あと3日）" in said
    assert "期限を過ぎた申請 1件" in said
    assert "3日以内に期限の来る申請 2件" in said


def test_what_waits_comes_longest_first_and_leads_on_in_its_list(busy):
    oldest = make("検査申請受付中", days_ago=9)

    page = signed_in("reviewer").get(DESK).content.decode()

    first = f"/admin/applications/application/{oldest.pk}/change/?_changelist_filters=work%3Dmine"
    assert page.index(first) < page.index("いちばん長く待っている申請") + 1000


def test_what_was_moved_last_stands_there():
    application = make("検査申請審査中")
    application.history.filter(move="accept").update(by="reviewer")

    said = text_of(signed_in("reviewer").get(DESK))

    assert "受付チェックを完了する → 検査手数料等納付待ち" in said
    assert "まだ申請を動かしていません" in text_of(signed_in("counter").get(DESK))


def test_an_operator_reads_how_the_night_went_and_what_did_not_leave():
    make("検査申請審査中")
    OutgoingMail.objects.update(state=MailState.DEAD)
    client = signed_in("operator")
    now = clock.now()
    expected = gauges.night_due(now)

    never = text_of(client.get(DESK))
    run = NightRun.objects.create(
        business_date=expected - timedelta(days=1),
        started_at=now,
        finished_at=now,
        counts={"let_fees_lapse": 3},
    )
    late = text_of(client.get(DESK))
    NightRun.objects.filter(pk=run.pk).update(business_date=expected, finished_at=None)
    broken = text_of(client.get(DESK))
    NightRun.objects.filter(pk=run.pk).update(finished_at=clock.now())
    well = text_of(client.get(DESK))

    assert "夜間処理は、まだ一度も行われていません" in never
    assert "の夜間処理が、まだ行われていません。" in late
    assert "終わっていません。" in broken
    assert "納付期限切れ 3件" in well
    assert "まだ行われていません" not in broken + well
    assert "終わっていません" not in well
    dead = OutgoingMail.objects.count()
    assert f"送信できなかったメール {dead}件" in well


@pytest.mark.parametrize(("hour", "nights_ago"), [(6, 2), (8, 1)])
def test_a_night_is_late_once_it_has_had_its_time(hour, nights_ago):
    today = clock.today()
    with time_machine.travel(clock.at(today, hour=hour), tick=False):
        assert gauges.night_due(clock.now()) == today - timedelta(days=nights_ago)


def test_counting_ends_at_its_cap_and_asks_once(django_assert_num_queries):
    for _ in range(3):
        make("検査申請受付中")
    every = Application.objects.all()

    with django_assert_num_queries(1):
        assert counting.counts([every, every.none(), every.filter(status="x")], cap=2) == [3, 0, 0]
    assert counting.counts([every.none()]) == [0]
    assert counting.first_keys([every.none()], 3) == []


@pytest.mark.sqlite
@pytest.mark.parametrize("role", ["reviewer", "counter", "operator"])
def test_no_number_walks_a_whole_table(busy, role):
    user = a_user(role)
    with CaptureQueriesContext(connection) as queries:
        for desk in admin.site.desks:
            desk(user, clock.now())
    large = ("applications_application", "applications_historyentry", "koss_outgoingmail")
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = [row[-1] for row in cursor.fetchall()]
            walks = [
                step
                for step in plan
                if step.startswith(tuple(f"SCAN {table}" for table in large))
                # These hold nothing but what is counted.
                and not step.endswith(("INDEX mail_to_send", "INDEX mail_dead"))
            ]
            assert walks == []


def test_a_list_says_by_how_many_conditions_it_is_narrowed_and_what_to_do_when_empty(busy):
    client = signed_in("reviewer")

    plain = text_of(client.get(LIST))
    narrowed = text_of(client.get(LIST, {"work": "mine", "q": "軽自", "p": "1"}))
    nothing = text_of(client.get(LIST, {"deadline": "none", "status__exact": "invalid"}))
    empty = text_of(client.get("/admin/payments/refund/"))

    assert "絞り込んでいます" not in plain
    assert "2個の条件で絞り込んでいます。 条件を消す" in narrowed
    assert "条件に合うものはありません。条件を減らすか、「条件を消す」を押してください。" in nothing
    assert "まだ何もありません。" in empty


def test_a_long_name_is_cut_off_in_the_list_and_whole_in_its_title():
    name = "軽" * 100
    make("検査申請審査中", user_name=name)

    html = signed_in("reviewer").get(LIST).content.decode()

    assert f'<span class="koss-clamp" title="{name}">{name}</span>' in html


def test_every_moment_has_one_age_and_the_database_agrees():
    application = make("検査申請受付中")
    today = clock.today()
    midnight = clock.at(today)
    for days in (0, 1, 3, 4, 7, 8, 40):
        for moment in (midnight - timedelta(days=days), midnight - timedelta(days=days, seconds=1)):
            Application.objects.update(status_changed_at=moment)
            ages = [age.key for age in AGES if age.holds(moment, today)]
            found = [
                age.key
                for age in AGES
                if Application.objects.filter(age.condition(today), pk=application.pk)
            ]
            assert (len(ages), found) == (1, ages)
