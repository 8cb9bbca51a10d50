"""The staff's list of applications: columns, search, filters, and moving many at once."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.admin.bulk import AT_MOST
from applications.life import moves
from applications.models import Application, Office
from koss.admin_kit.lists import CappedPaginator
from koss.ground import clock
from koss.models import OutgoingMail
from tests import pages
from tests.staff import signed_in, text_of
from tests.world import make

pytestmark = pytest.mark.django_db

LIST = "/admin/applications/application/"
REASON = {"reason": "記載に漏れがあります。"}


def columns(response):
    page = pages.read(response.content.decode())
    [table] = [each for each in page.all("table") if each["id"] == "result_list"]
    return [each.text for each in table.all("thead") for each in each.all("th") if each.text]


def rows(response):
    """The cells of each row, without the box that selects it."""
    page = pages.read(response.content.decode())
    tables = [each for each in page.all("table") if each["id"] == "result_list"]
    return [
        [cell.text for cell in row.all("th", "td")][-9:]
        for table in tables
        for body in table.all("tbody")
        for row in body.all("tr")
    ]


def numbers_in(response):
    return {row[0].replace(" ", "") for row in rows(response)}


def test_a_row_of_the_list():
    application = make("検査申請補正待ち", days_ago=4)
    moment = timezone.localtime(application.status_changed_at)

    answer = signed_in("reviewer").get(LIST)

    assert columns(answer) == [
        "受付番号",
        "手続種別",
        "申請状況",
        "状況更新日時",
        "期限日",
        "申請者名",
        "使用者名",
        "車両番号",
        "事務所",
    ]
    left = (application.deadline - clock.today()).days
    number = application.receipt_number
    assert rows(answer) == [
        [
            f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}",
            "継続検査",
            "検査申請補正待ち",
            f"{moment:%Y-%m-%d %H:%M}",
            f"{application.deadline:%Y-%m-%d}（あと{left}日）",
            "軽自行政書士事務所",
            "軽自 太郎",
            "品川 - 580 - さ - 1234",
            "東京主管事務所",
        ]
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_seldom(django_assert_num_queries, count):
    for _ in range(count):
        make("検査申請補正待ち")
    client = signed_in("reviewer")

    # session, user, two of permissions, roles, offices of the filter, count, rows
    with django_assert_num_queries(8) as queries:
        client.get(LIST)

    assert "DISTINCT" not in " ".join(query["sql"] for query in queries)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_seldom(django_assert_num_queries, count):
    application = make("検査申請補正待ち")
    for _ in range(count - 1):
        again(application)
    client = signed_in("reviewer")

    # session, user, two of permissions, roles, application, notices, uploads, signatures,
    # particulars, attachments, payments, history, proposals, mails
    with django_assert_num_queries(15):
        client.get(f"{LIST}{application.pk}/change/")


def again(application):
    """One more correction and order, so that everything on the page is longer."""
    changes = {"user_name": "軽自 次郎"}
    moves.perform(
        "send_correction",
        application,
        actor="applicant",
        now=clock.now(),
        inputs=moves.Inputs(changes=changes),
    )
    moves.perform(
        "order_correction",
        application,
        actor="reviewer",
        now=clock.now(),
        inputs=moves.Inputs(reason="x", fields=("user_name",)),
    )


@pytest.mark.parametrize(
    "typed",
    ["2112-2310-5000-30459", "２１１２　２３１０　５０００　３０４５９", "AX010000077", "花子"],
)
def test_the_search_field_understands_every_spelling(typed):
    make("検査申請審査中")
    wanted = make(
        "検査申請審査中",
        receipt_number="21122310500030459",
        chassis_number="AX01-0000077",
        user_name="品川 花子",
    )

    answer = signed_in("reviewer").get(LIST, {"q": typed})

    assert numbers_in(answer) == {wanted.receipt_number}


def test_the_search_of_a_number_uses_its_index_and_no_like():
    client = signed_in("reviewer")
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST, {"q": "2112-2310-5000-30459"})

    asked = [query["sql"] for query in queries]
    asked = [sql for sql in asked if "receipt_number" in sql and "21122310500030459" in sql]
    assert len(asked) == 2
    assert not any("UPPER" in sql or "LIKE" in sql for sql in asked)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"deadline": "over"}, ["over"]),
        ({"deadline": "3"}, ["today", "in3"]),
        ({"deadline": "7"}, ["today", "in3", "in7"]),
        ({"deadline": "none"}, ["none"]),
        ({"deadline": "nonsense"}, ["none", "over", "today", "in3", "in7", "in8"]),
    ],
)
def test_the_filter_of_deadlines(query, found):
    today = clock.today()
    days = {"in8": 8, "in7": 7, "in3": 3, "today": 0, "over": -1}
    for name, left in days.items():
        application = make("検査申請補正待ち", applicant_name=name)
        deadline = today + timedelta(days=left)
        Application.objects.filter(pk=application.pk).update(deadline=deadline)
    make("検査申請審査中", applicant_name="none")

    answer = signed_in("reviewer").get(LIST, query)

    assert [row[5] for row in rows(answer)] == found
    if query["deadline"] == "over":
        assert "（切れ）" in text_of(answer)


def test_the_other_filters():
    sapporo = Office.objects.get(name="札幌主管事務所")
    wanted = make("検査手数料等まとめ払い中", "新車", office=sapporo)
    make("検査手数料等まとめ払い中", "継続検査")
    make("検査申請受付中", "新車")
    client = signed_in("reviewer")

    for query in (
        {"office": sapporo.pk},
        {"status__exact": "fees_in_batch", "procedure__exact": "new_vehicle"},
        {"payment_method__exact": "batch", "procedure__exact": "new_vehicle"},
    ):
        assert numbers_in(client.get(LIST, query)) == {wanted.receipt_number}
    for nonsense in ("x", "0"):
        assert len(rows(client.get(LIST, {"office": nonsense}))) == 3
    # No row's key is that long.
    assert client.get(LIST, {"office": "9" * 30}).status_code == 404


def test_a_folded_filter_keeps_the_other_conditions():
    answer = signed_in("reviewer").get(LIST, {"status__exact": "received", "q": "軽自"})

    page = pages.read(answer.content.decode())
    forms = [each for each in page.all("form") if each["class"] == "koss-filter"]
    carried = [
        {each["name"]: each["value"] for each in form.all("input") if each["name"]}
        for form in forms
    ]
    # Of offices, and of statuses, which leaves out itself.
    assert carried == [{"status__exact": "received", "q": "軽自"}, {"q": "軽自"}]


def test_what_waits_comes_longest_first():
    older = make("検査申請審査中", days_ago=5)
    newer = make("検査申請受付中", days_ago=2)
    make("検査申請補正待ち")
    make("返付準備完了")

    answer = signed_in("reviewer").get(LIST, {"work": "mine"})

    assert [row[0].replace(" ", "") for row in rows(answer)] == [
        older.receipt_number,
        newer.receipt_number,
    ]


def test_the_first_page_counts_what_waits():
    make("検査申請受付中")
    make("検査申請受付中")

    answer = signed_in("reviewer").get(reverse("admin:index"))

    assert "検査申請受付中 2件" in text_of(answer)


def test_the_counter_has_no_filter_of_offices():
    assert "すべての事務所" not in text_of(signed_in("counter").get(LIST))


def test_a_count_ends_at_its_cap(monkeypatch):
    monkeypatch.setattr(CappedPaginator, "CAP", 2)
    for _ in range(3):
        make("検査申請受付中")

    answer = signed_in("reviewer").get(LIST)

    assert "10,000件以上" in text_of(answer)


def test_hostile_names_are_text():
    make("検査申請審査中", user_name="<script>alert(1)</script>")

    client = signed_in("reviewer")

    for path in (LIST, f"{LIST}{Application.objects.get().pk}/change/"):
        assert "<script>alert" not in client.get(path).content.decode()


def choose(client, name, applications, **data):
    """Choose rows and the action of ``name``; returns the page that asks."""
    return client.post(
        LIST,
        {"action": f"move_{name}", "_selected_action": [each.pk for each in applications], **data},
    )


def rows_of(page):
    return [
        each["value"]
        for each in pages.read(page.content.decode()).all("input")
        if each["name"] == "row"
    ]


def bulk(name):
    return reverse("admin:applications_application_bulk", args=[name])


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("reviewer", {"accept", "invalidate", "reject", "pass_review", "confirm_withdrawal"}),
        ("tax_office", set()),
        ("counter", {"record_return"}),
    ],
)
def test_actions_of_each_role(role, names):
    make("検査申請受付中")

    answer = signed_in(role).get(LIST)

    assert set(re.findall(r'value="move_(\w+)"', answer.content.decode())) == names
    assert "削除" not in text_of(answer)


def test_many_are_moved_and_what_was_refused_is_reported():
    client = signed_in("reviewer")
    applications = [make("検査申請受付中") for _ in range(3)]
    page = choose(client, "accept", applications)
    assert "次の3件について「受付チェックを完了する」を行います。" in text_of(page)
    sent = {"row": rows_of(page)}
    late = applications[1]
    single = client.get(f"{LIST}{late.pk}/move/invalidate/")
    request_key = re.search(r'name="request_key" value="([^"]+)"', single.content.decode())[1]
    client.post(f"{LIST}{late.pk}/move/invalidate/", REASON | {"request_key": request_key})

    first = client.post(bulk("accept"), sent)
    said = text_of(client.get(first.url))

    assert first.url == LIST
    number = late.receipt_number
    grouped = f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}"
    report = f"2件を処理しました。1件は処理できませんでした：{grouped}（現在の状況：検査申請無効）"
    assert report in said
    history = [each.history.count() for each in applications]
    mails = OutgoingMail.objects.count()

    again = client.post(bulk("accept"), sent)

    assert report in text_of(client.get(again.url))
    assert [each.history.count() for each in applications] == history == [2, 2, 2]
    assert OutgoingMail.objects.count() == mails
    assert {each.history.last().by for each in applications} == {"reviewer"}


def test_a_reason_is_asked_once_for_all():
    client = signed_in("reviewer")
    applications = [make("検査申請審査中") for _ in range(2)]
    sent = {"row": rows_of(choose(client, "reject", applications))}

    refused = client.post(bulk("reject"), sent)
    assert "理由を入力してください。" in text_of(refused)
    assert sorted(rows_of(refused)) == sorted(sent["row"])
    client.post(bulk("reject"), sent | REASON)

    for application in applications:
        application.refresh_from_db()
        assert application.get_status_display() == "検査申請却下"
        assert application.history.last().reason == REASON["reason"]


def test_reviews_of_new_vehicles_are_finished_one_by_one():
    client = signed_in("reviewer")
    old, new = make("検査申請審査中", "継続検査"), make("検査申請審査中", "新車")
    incomplete = make("検査申請審査中", "継続検査")
    old.attachments.update(state="obtained")

    page = choose(client, "pass_review", [old, new, incomplete])

    assert "次の2件は、現在の状況では対象にならないか、書類がそろっていない" in text_of(page)
    [row] = rows_of(page)
    forged = row.replace(f"{old.pk}:", f"{new.pk}:")
    another = row.replace(f"{old.pk}:", f"{incomplete.pk}:")
    sent = {"row": [row, forged, another]}
    said = text_of(client.get(client.post(bulk("pass_review"), sent).url))
    assert "1件を処理しました。2件は処理できませんでした：" in said
    incomplete.refresh_from_db()
    assert incomplete.get_status_display() == "検査申請審査中"
    new.refresh_from_db()
    assert new.get_status_display() == "検査申請審査中"


def test_nothing_that_fits_offers_no_button():
    page = choose(signed_in("reviewer"), "accept", [make("検査申請審査中")])

    assert rows_of(page) == []
    assert "次の1件は、現在の状況では対象にならないか、書類がそろっていないため" in text_of(page)


def test_rows_of_other_offices_are_out_of_reach():
    sapporo = Office.objects.get(name="札幌主管事務所")
    elsewhere = make("返付準備完了", office=sapporo, recording_agent_number="KIROKU0001")
    client = signed_in("counter")

    answer = client.post(bulk("record_return"), {"row": f"{elsewhere.pk}:{elsewhere.version}.abc"})

    assert "0件を処理しました。" in text_of(client.get(answer.url))
    elsewhere.refresh_from_db()
    assert elsewhere.get_status_display() == "返付準備完了"


@pytest.mark.parametrize("name", ["withdraw", "settle", "order_correction", "nonsense"])
def test_other_moves_are_not_made_in_bulk(name):
    application = make("検査申請審査中")

    answer = signed_in("reviewer").post(bulk(name), {"row": f"{application.pk}:3.x"} | REASON)

    assert answer.status_code == 403


@pytest.mark.parametrize("row", ["", "x", "1", "1:", ":", "9" * 40 + ":1.a"])
def test_mangled_rows_are_nobody_s(row):
    make("検査申請受付中")

    answer = signed_in("reviewer").post(bulk("accept"), {"row": row})

    assert answer.status_code == 302
    assert Application.objects.get().get_status_display() == "検査申請受付中"


def test_no_more_than_the_limit_at_once():
    client = signed_in("reviewer")
    first = make("検査申請受付中")
    Application.objects.bulk_create(copies(first, AT_MOST))

    answer = choose(client, "accept", Application.objects.all())

    assert answer.status_code == 302
    assert f"一度に処理できるのは{AT_MOST}件までです。" in text_of(client.get(answer.url))


def copies(application, count):
    fields = {
        field.attname: getattr(application, field.attname)
        for field in Application._meta.concrete_fields
        if field.name not in ("id", "receipt_number")
    }
    for number in range(count):
        yield Application(receipt_number=f"{number:017d}", **fields)


@pytest.mark.parametrize("key", ["x", "", "9" * 30, "-1", "１"])
def test_a_key_that_no_list_offered_is_a_bad_request(key):
    answer = signed_in("reviewer").post(
        LIST, {"action": "move_accept", "_selected_action": ["1", key]}
    )

    # A number beyond every id can be no row: not found, before the list reads it.
    assert answer.status_code == (404 if len(key) == 30 else 400)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"p": "99999"}, 200),
        ({"o": "99.-3"}, 200),
        ({"status__exact": "nope"}, 200),
        ({"work": "x", "deadline": "y", "all": ""}, 200),
        ({"password__startswith": "argon2"}, 400),
        ({"email__startswith": "k"}, 400),
        ({"history__by": "shinsa"}, 400),
        ({"q": "\x00"}, 400),
    ],
)
def test_forged_conditions_tell_nothing_and_break_nothing(query, status):
    make("検査申請審査中")

    assert signed_in("reviewer").get(LIST, query).status_code == status
