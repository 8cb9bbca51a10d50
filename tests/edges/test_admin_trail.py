"""From one application to the next of the same list, and never back to an unfiltered one."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.urls import reverse

from applications.models import Office
from tests import pages
from tests.edges.test_admin_moves import REASON, move_url, page_url
from tests.staff import field_of, signed_in, text_of
from tests.world import make

pytestmark = pytest.mark.django_db

LIST = "/admin/applications/application/"


def within(url, conditions):
    return f"{url}?{urlencode({'_changelist_filters': conditions})}"


def decides(client, application, conditions="", **pressed):
    """Reject ``application``, opened from the list with ``conditions``; returns the answer."""
    url = move_url(application, "reject")
    url = within(url, conditions) if conditions else url
    form = client.get(url)
    sent = {"request_key": field_of(form, "request_key"), **REASON, **pressed}
    return client.post(url, sent)


def four():
    """Applications that wait, the oldest first, and one of another procedure between them.

    No holidays are so long that two of them begin on one day.
    """
    return [
        make("検査申請審査中", procedure, days_ago=days)
        for days, procedure in ((40, "継続検査"), (30, "新車"), (20, "継続検査"), (10, "継続検査"))
    ]


def test_the_list_leads_through_every_page_and_back():
    client = signed_in("reviewer")
    application = four()[2]
    conditions = "work=mine&procedure__exact=continued_inspection"
    kept = f"_changelist_filters={quote(conditions, safe='')}"

    listed = client.get(f"{LIST}?{conditions}").content.decode().replace("&amp;", "&")
    page = client.get(within(page_url(application), conditions))
    refused = client.get(within(move_url(application, "accept"), conditions))

    assert f"{page_url(application)}?{kept}" in listed
    for answer in (page, refused):
        html = pages.read(answer.content.decode())
        ways = [each["href"] for each in html.all("a")] + [
            each["action"] for each in html.all("form")
        ]
        own = [way for way in ways if f"{LIST}{application.pk}/" in way and "history" not in way]
        assert own
        assert [way for way in own if kept not in way] == []
        assert f"{LIST}?{conditions}" in ways
        assert LIST not in ways


def test_after_a_decision_one_is_back_in_the_list_and_reads_what_was_done():
    client = signed_in("reviewer")
    decided = four()[0]
    conditions = "work=mine&q=軽自"

    answer = decides(client, decided, conditions)

    assert answer.status_code == 302
    there = client.get(answer.url)
    assert there.request["QUERY_STRING"] == urlencode({"work": "mine", "q": "軽自"})
    assert "を「検査申請却下」にしました。" in text_of(there)
    [link] = [
        each["href"]
        for message in pages.read(there.content.decode()).all("ul")
        if message["class"] == "messagelist"
        for each in message.all("a")
    ]
    assert client.get(link).context["application"] == decided


@pytest.mark.parametrize(
    ("conditions", "decided", "following"),
    [
        ("work=mine", 0, 1),
        ("work=mine", 2, 3),
        ("work=mine", 3, 0),
        ("work=mine&procedure__exact=continued_inspection", 0, 2),
        ("work=mine&o=-1", 2, 1),
        ("status__exact=in_review", 2, 1),
        ("", 0, 1),
    ],
)
def test_the_next_one_is_the_next_of_that_list(conditions, decided, following):
    rows = four()
    make("検査申請補正待ち")  # in no list of what waits
    client = signed_in("reviewer")

    answer = decides(client, rows[decided], conditions, next="1")

    assert answer.url == within(page_url(rows[following]), conditions or "work=mine")
    skipped = client.get(f"{LIST}{rows[following].pk}/next/")
    assert skipped.status_code == 302
    assert page_url(rows[following]) not in skipped.url


def test_where_nothing_waits_any_more_the_list_says_so():
    only = make("検査申請審査中")
    client = signed_in("reviewer")

    answer = decides(client, only, "status__exact=in_review", next="1")

    assert answer.url == f"{LIST}?status__exact=in_review"


@pytest.mark.parametrize(
    "conditions",
    [
        "office=" + "9" * 30,
        "q=%00",
        "q=%ff",
        "password__startswith=a",
        "status__exact=nope",
        "work=mine&p=99&o=9.9",
        "//evil.example/",
        "\r\nX: y",
    ],
)
def test_forged_conditions_lead_nowhere_else(conditions):
    application = make("検査申請審査中")
    make("検査申請審査中")

    answer = decides(signed_in("reviewer"), application, conditions, next="1")

    assert answer.status_code == 302
    assert answer.url.startswith(LIST)


def test_many_are_moved_and_the_list_is_as_before():
    client = signed_in("reviewer")
    rows = [make("検査申請受付中"), make("検査申請受付中", office=Office.objects.last())]
    listed = f"{LIST}?status__exact=received"

    asked = client.post(
        listed, {"action": "move_accept", "_selected_action": [each.pk for each in rows]}
    )
    html = asked.content.decode()
    action = re.search(r'action="([^"]*bulk/accept/[^"]*)"', html)[1].replace("&amp;", "&")
    sent = {"row": re.findall(r'name="row" value="([^"]+)"', html)}
    answer = client.post(action, sent)

    assert len(sent["row"]) == 2
    assert answer.url == listed
    assert "2件を処理しました。" in text_of(client.get(answer.url))
    assert reverse("admin:applications_application_bulk", args=["accept"]) in action
