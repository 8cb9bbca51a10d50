"""The operator's screens: mails, news, rates, the night, jobs."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from applications.models import Charge, Rate
from koss.ground import clock
from koss.mail import outbox
from koss.models import MailState, News, NightRun, OutgoingMail
from tests.staff import signed_in, text_of
from tests.world import make

pytestmark = pytest.mark.django_db

MAILS = "/admin/koss/outgoingmail/"
RATES = "/admin/applications/rate/"


@pytest.fixture
def mails():
    make("検査申請受付中", receipt_number="21122310500030459", email="a@dealer.example")
    make("検査申請受付中", email="b@dealer.example")
    return OutgoingMail.objects.order_by("pk")


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("", {"a@dealer.example", "b@dealer.example"}),
        ("2112-2310-5000-30459", {"a@dealer.example"}),
        ("２１１２２３１０５０００３０４５９", {"a@dealer.example"}),
        ("B@DEALER", {"b@dealer.example"}),
        ("nobody@", set()),
        ("99999999999999999", set()),
    ],
)
def test_mails_are_found_by_number_or_address(mails, typed, seen):
    said = text_of(signed_in("operator").get(MAILS, {"q": typed}))

    addresses = ("a@dealer.example", "b@dealer.example")
    assert {address for address in addresses if address in said} == seen


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_mails_asks_the_database_seldom(django_assert_num_queries, count):
    for _ in range(count):
        make("検査申請受付中")
    client = signed_in("operator")

    # session, user, two of permissions, count, rows
    with django_assert_num_queries(6):
        client.get(MAILS)


def test_a_mail_is_read_as_it_goes_out(mails):
    mail = mails[0]
    subject, body = outbox.read(mail)

    said = text_of(signed_in("reviewer").get(f"{MAILS}{mail.pk}/change/"))

    assert subject in said
    assert " ".join(body.split()) in said


def test_only_dead_letters_are_sent_again_and_only_by_the_operator(mails):
    dead, sent = mails
    OutgoingMail.objects.filter(pk=dead.pk).update(state=MailState.DEAD, tries=8)
    OutgoingMail.objects.filter(pk=sent.pk).update(state=MailState.SENT)
    chosen = {"action": "send_again", "_selected_action": [dead.pk, sent.pk]}

    signed_in("reviewer").post(MAILS, chosen)
    assert set(mails.values_list("state", flat=True)) == {"dead", "sent"}
    client = signed_in("operator")
    answer = client.post(MAILS, chosen)

    assert "1件をもう一度送ります。" in text_of(client.get(answer.url))
    assert list(mails.values_list("state", "tries")) == [("queued", 0), ("sent", 0)]


def test_news_are_written_by_the_operator():
    client = signed_in("operator")

    client.post(
        "/admin/koss/news/add/",
        {
            "title": "年末年始の窓口",
            "body": "12月29日から1月3日まで休みます。",
            "published_at": "2026-12-01T09:00",
        },
    )

    news = News.objects.get()
    assert news.published_at == clock.at(date(2026, 12, 1), hour=9)


def rate(**fields):
    tomorrow = clock.today() + timedelta(days=1)
    return {
        "kind": "inspection_fee",
        "procedure": "new_vehicle",
        "weight_class": "",
        "first_day": tomorrow.isoformat(),
        "amount": "1500",
    } | fields


def test_a_rate_is_added_with_its_first_day():
    client = signed_in("operator")

    assert client.post(f"{RATES}add/", rate()).status_code == 302

    line = Rate.objects.latest("pk")
    assert (line.amount, line.first_day) == (1500, clock.today() + timedelta(days=1))
    assert client.post(f"{RATES}{line.pk}/change/", rate(amount="1600")).status_code == 302
    assert not Charge.objects.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"first_day": "2020-01-01"}, "適用開始日には明日以降の日付を入力してください。"),
        ({"kind": "vehicle_tax"}, "額表には載せません。"),
        ({"kind": "weight_tax"}, "自動車重量税のときは選び"),
        ({"weight_class": "normal"}, "自動車重量税のときは選び"),
        ({"amount": "-1"}, "0"),
        ({"amount": "0"}, "1円以上の金額を入力してください。"),
        ({"kind": ""}, "必須"),
    ],
)
def test_a_rate_that_cannot_be(fields, message):
    before = Rate.objects.count()

    answer = signed_in("operator").post(f"{RATES}add/", rate(**fields))

    assert message in text_of(answer)
    assert Rate.objects.count() == before


def test_a_rate_in_force_never_changes():
    line = Rate.objects.filter(kind="inspection_fee").order_by("first_day").first()
    client = signed_in("operator", superuser=True)

    assert client.get(f"{RATES}{line.pk}/change/").status_code == 200
    assert client.post(f"{RATES}{line.pk}/change/", rate(amount="1")).status_code == 403
    assert client.post(f"{RATES}{line.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_record_of_the_night():
    NightRun.objects.create(
        business_date=clock.today(),
        started_at=clock.now(),
        counts={"let_corrections_lapse": 3},
    )

    assert "期限切れ却下: 3" in text_of(signed_in("operator").get("/admin/koss/nightrun/"))


def test_what_staff_did_is_found_by_name():
    client = signed_in("operator")
    client.post(f"{RATES}add/", rate())

    said = text_of(client.get("/admin/admin/logentry/", {"q": "operator"}))

    assert "検査手数料" in said


def test_every_page_comes_with_the_strict_policy():
    client = signed_in("operator", "reviewer")
    application = make("検査申請審査中")
    paths = [
        reverse("admin:index"),
        reverse("admin:login"),
        MAILS,
        f"{RATES}add/",
        "/admin/applications/application/",
        f"/admin/applications/application/{application.pk}/change/",
        f"/admin/applications/application/{application.pk}/move/order_correction/",
    ]

    for path in paths:
        answer = client.get(path, follow=True)
        html = answer.content.decode()
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert not any(mark in html for mark in ("style=", "<style", "<script>", "onclick="))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/auth/user/?is_active__exact=1&groups__id__exact=1", 200),
        ("/admin/auth/user/?password__startswith=a", 400),
        ("/admin/koss/passwordlock/?locked_at__isempty=0", 200),
        ("/admin/koss/passwordlock/?subject__startswith=a", 400),
        ("/admin/koss/outgoingmail/?state__exact=queued", 200),
        ("/admin/koss/outgoingmail/?body__contains=a", 400),
    ],
)
def test_addresses_filter_by_what_the_filters_offer_only(path, status):
    assert signed_in("operator").get(path).status_code == status
