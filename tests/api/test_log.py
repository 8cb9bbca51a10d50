"""The log of requests and messages: one row a request, no secret in it, and no request broken."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from koss import urls
from koss.api import exchanges
from koss.demo import log
from koss.demo import urls as demo_urls
from koss.ground import clock
from koss.models import ApiExchange
from koss.operation import retention
from payments.demo import payers
from payments.models import DeliveryState, WebhookDelivery
from tests.api.callers import Caller
from tests.api.hooks import a_webhook

# As in demo mode, whose addresses exist only there.
handler404 = urls.handler404
urlpatterns = [*urls.urlpatterns, urls.path("demo/", urls.include(demo_urls))]

pytestmark = [pytest.mark.databases, pytest.mark.django_db, pytest.mark.urls(__name__)]
LIST = "/demo/log/"


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "koss.api.exchanges.keep"]


@pytest.fixture
def caller():
    return Caller(payers.payment_user(bulk_id=payers.BULK_ID))


def a_row(**fields):
    wanted = {"reference": f"{ApiExchange.objects.count():032d}", "at": clock.now()}
    wanted |= {"method": "GET", "path": "/api/v1/x", "code": 200, "took": 1}
    return ApiExchange.objects.create(**wanted | fields)


def test_a_request_is_one_row_with_its_answer(demo, caller):
    answer = caller.get("applications?limit=3")

    row = ApiExchange.objects.get()
    assert answer["X-Request-Id"] == row.reference
    assert (row.method, row.path, row.code) == ("GET", "/api/v1/applications?limit=3", 200)
    assert (row.credential, row.answer) == (caller.credential, answer.text)
    assert row.answered["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("path", ["nowhere", "applications?nonsense=1", "applications/1"])
def test_what_is_refused_is_logged_too(demo, caller, path):
    answer = caller.get(path)

    row = ApiExchange.objects.get()
    assert row.code == answer.status_code >= 400
    assert row.answer == answer.text


def test_no_secret_is_kept(demo, caller):
    caller.post("applications/check", {"password": 'a"b\\', "bulkPassword": "himitsu-1"})
    made = caller.post(
        "webhooks",
        {"name": "x", "url": "https://hooks.example/"},
        **{"Idempotency-Key": "one"},
    )
    Caller().get("applications", Cookie="x=himitsu-2")

    assert "whsec_" in made.text
    kept = str(list(ApiExchange.objects.values_list("asked", "body", "answered", "answer")))
    secret = made.json()["secret"]
    for each in (caller.key, secret, secret.removeprefix("whsec_"), "himitsu", 'a\\"b'):
        assert each not in kept
    assert ApiExchange.objects.earliest("pk").asked["Authorization"] == "***"


_KEY = "koss_himitsu-himitsu-himitsu"


@pytest.mark.parametrize(
    ("path", "headers", "body"),
    [
        (f"key?key={_KEY}", {}, b""),
        (f"applications/{_KEY}", {}, b""),
        ("applications?token=himitsu&password=himitsu", {}, b""),
        ("key", {"X-Api-Key": "himitsu"}, b""),
        ("key", {"Referer": f"https://a.example/?k={_KEY}"}, b""),
        ("applications/check", {}, f'{{"x": "key_{_KEY}"}}'.encode()),
        ("applications/check", {}, b'{"password": ["himitsu"]}'),
        ("applications/check", {}, b'{"application_password": {"x": "himitsu"}}'),
        ("applications/check", {}, b'{"passw\\u006frd": "himitsu"}'),
        ("applications/check", {}, b"{'password': 'himitsu', "),
        ("applications/check", {}, '{"password": "himitsu"}'.encode("utf-16")),
        ("applications/check", {}, b'{"url": "https://me:himitsu@a.example/?token=himitsu"}'),
    ],
)
def test_no_secret_is_kept_wherever_it_stands(demo, client, path, headers, body):
    send = client.post if body else client.get
    extra = {"data": body, "content_type": "application/json"} if body else {}

    send(f"/api/v1/{path}", headers=headers, **extra)

    row = ApiExchange.objects.get()
    assert "himitsu" not in f"{row.path} {row.asked} {row.body} {row.answered} {row.answer}"


def test_a_body_is_cut_off_and_a_file_is_its_size(demo, caller):
    caller.post("applications/check", {"applications": "あ" * 20_000})
    caller.send("post", "attachments", b"%PDF-1.4\x00", content_type="application/pdf")

    cut, file = ApiExchange.objects.order_by("pk").values_list("body", flat=True)
    assert (len(cut), cut[-1]) == (exchanges.MOST, "…")
    assert file == "(9 bytes)"


def test_where_the_log_fails_the_answer_goes_out(demo, caller, monkeypatch):
    def breaks(**_fields):
        raise DatabaseError("planted")

    monkeypatch.setattr(ApiExchange.objects, "create", breaks)
    assert caller.get("applications").status_code == 200


def test_outside_demo_mode_nothing_is_kept(settings, caller):
    assert caller.get("applications")["X-Request-Id"]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "koss.api.exchanges.keep"]
    assert caller.get("applications")["X-Request-Id"]
    assert not ApiExchange.objects.exists()
    settings.ROOT_URLCONF = "koss.urls"
    assert caller._client.get(LIST).status_code == 404


def test_it_costs_one_insert(demo, caller, django_assert_num_queries):
    answer = caller.get("applications")
    with clock.demo_offset_held(), django_assert_num_queries(1) as written:
        exchanges._note(answer.wsgi_request, answer, "x" * 32, 1)
    assert written[0]["sql"].startswith("INSERT")


def test_the_page_shows_both_kinds_and_what_was_said(demo, caller, visitor):
    webhook, _secret = a_webhook()
    exchanged = caller.get("applications")
    visitor.opens(LIST)
    visitor.sees("GET /api/v1/applications", exchanged["X-Request-Id"], str(caller.credential))

    sent = WebhookDelivery.objects.create(
        webhook=webhook, reference="m" * 32, made_at=clock.now(), state=DeliveryState.DELIVERED
    )
    visitor.presses("最新の情報に更新")
    visitor.sees_in_order("試し", f"POST {webhook.address}", "届いた", "GET /api/v1/applications")

    visitor.opens(f"{LIST}{exchanged['X-Request-Id']}/")
    visitor.sees("Authorization: ***", payers.BULK_ID, '"items"')
    visitor.opens(f"{LIST}sent/{sent.reference}/")
    visitor.sees("webhook.test")
    visitor.presses("もう一度送る")
    sent.refresh_from_db()
    assert (visitor.status, sent.state) == (200, DeliveryState.WAITING)


def test_it_is_narrowed(demo, caller):
    webhook, _secret = a_webhook()
    good, bad = a_row(credential=caller.credential), a_row(code=404)
    broken = a_row(code=500)
    made = {"webhook": webhook, "made_at": clock.now()}
    waits = WebhookDelivery.objects.create(reference="w" * 32, due_at=clock.now(), **made)
    fails = WebhookDelivery.objects.create(reference="f" * 32, state=DeliveryState.FAILED, **made)

    def found(**search):
        return {line.row for line in log.page_of(log.LogSearch(**search))[0]}

    assert found() == {good, bad, broken, waits, fails}
    assert found(kind="delivery") == {waits, fails}
    assert found(outcome="done") == {good}
    assert found(outcome="refused") == {bad}
    assert found(outcome="failed") == {broken, fails}
    assert found(outcome="waiting", kind="request") == set()
    assert found(credential=caller.credential, kind="request") == {good}


def test_pages_follow_one_another_without_gap_or_repetition(demo, monkeypatch):
    """Also where many lines have one moment."""
    monkeypatch.setattr(log, "PER_PAGE", 3)
    webhook, _secret = a_webhook()
    at = clock.now()
    for number in range(7):
        a_row(at=at - timedelta(seconds=number // 4))
        WebhookDelivery.objects.create(
            webhook=webhook,
            reference=f"{number:032d}",
            made_at=at - timedelta(seconds=number // 3),
            state=DeliveryState.DELIVERED,
        )
    seen, older = [], ""
    while True:
        lines, older = log.page_of(log.LogSearch(), log.read_place(older))
        seen += lines
        if not older:
            break
    assert len(seen) == 14
    assert [line.order for line in seen] == sorted({line.order for line in seen}, reverse=True)


@pytest.mark.parametrize(
    "query", ["before=x", "before=9999999999999999.1.1", "kind=x&outcome=y&credential=z"]
)
def test_nonsense_in_the_address_is_no_fault(demo, visitor, query):
    a_row()
    visitor.opens(f"{LIST}?{query}")
    assert visitor.status == 200


def test_as_many_questions_for_many_lines_as_for_one(
    demo, caller, visitor, django_assert_num_queries
):
    def opens():
        # API keys, requests, messages; the clock
        with django_assert_num_queries(4):
            visitor.opens(LIST)

    webhook, _secret = a_webhook()
    for count in (1, 20):
        for number in range(count):
            a_row(credential=caller.credential)
            WebhookDelivery.objects.create(
                webhook=webhook,
                reference=f"{count:016d}{number:016d}",
                made_at=clock.now(),
                state=DeliveryState.DELIVERED,
            )
        opens()


def test_the_night_keeps_the_newest_and_a_week(demo, monkeypatch):
    monkeypatch.setattr(exchanges, "KEPT", 3)
    now = clock.system_now()
    week_old = a_row(at=now - timedelta(days=7, minutes=1))
    rows = [a_row(at=now) for _ in range(4)]

    deleted = sum(retention.forget_old(clock.today(), now=now, chunk=1))

    assert deleted == 2
    assert list(ApiExchange.objects.order_by("pk")) == rows[1:]
    assert week_old not in ApiExchange.objects.all()
