"""The counter's pages: who may open them, what they refuse, and that nothing happens twice."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from applications.models import Application, Office
from applications.status import Procedure
from koss.ground import clock, numbers
from qrcodes.counter import handing_over, receivers
from qrcodes.issuing import codes, symbol
from qrcodes.models import Code, Look, Pickup, Receiver, Refusal
from tests import pages
from tests.receivers import (
    CLERK,
    NAME,
    PASSWORD,
    code_of,
    ready_for_receiver,
    registered,
    the_office,
)
from tests.staff import field_of, options_of, signed_in, text_of
from tests.world import make

pytestmark = pytest.mark.django_db

DESK = "/admin/counter/"
TICKED = {"paper": "on", "name": "on"}


def look(client, text):
    """Scan; returns the page that it leads to."""
    return client.post(DESK, {"text": text}, follow=True)


def found(client, code):
    """The address of the page of ``code``, which ``client`` has just scanned."""
    look(client, symbol.payload(code))
    return reverse("counter:code", args=[code.pk])


def request_key_of(client, address):
    return field_of(client.get(address), "request_key")


def ready(**fields):
    return ready_for_receiver(**{"annual_tax_confirmed": True, **fields})


def elsewhere():
    return Office.objects.get(name="札幌主管事務所")


def test_only_counter_staff_with_an_office_have_a_counter():
    code = code_of()
    addresses = [
        DESK,
        reverse("counter:code", args=[code.pk]),
        reverse("counter:receipt", args=[code.pk]),
    ]
    for role in ("reviewer", "tax_office", "operator"):
        client = signed_in(role)
        for address in addresses:
            assert client.get(address).status_code == 403
            assert client.post(address, {"text": code.lookup_key}).status_code == 403
    assert signed_in(superuser=True).get(DESK).status_code == 403
    assert not Look.objects.exists()


def test_without_an_office_the_page_says_what_is_missing():
    answer = signed_in("counter", office="").get(DESK)

    assert answer.status_code == 403
    assert "担当する事務所が登録されていないため" in text_of(answer)


def test_strangers_meet_the_login_page(client):
    for address in (DESK, f"{DESK}code/1/", f"{DESK}receipt/1/"):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302
            assert answer.url.startswith("/admin/login/")


def test_the_first_page_leads_there_and_only_counter_staff():
    assert DESK in signed_in("counter").get("/admin/").content.decode()
    assert DESK not in signed_in("reviewer").get("/admin/").content.decode()


def test_a_code_opens_only_to_its_finder_and_for_an_hour(settings):
    settings.SESSION_COOKIE_AGE = 2 * 60 * 60  # else the clerk is signed out before
    registered()
    ready()
    code = code_of()
    client, other = signed_in("counter"), signed_in("counter", username="other")
    address = found(client, code)

    assert client.get(address).status_code == 200
    for answer in (other.get(address), other.post(address, {"person": "on"})):
        assert (answer.status_code, answer.url) == (302, DESK)
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert client.get(address).url == DESK
    assert client.get(f"{DESK}code/999999/").url == DESK


@pytest.mark.parametrize("way", [str, str.lower, numbers.grouped, lambda key: f" {key}\t"])
def test_a_lookup_key_is_read_in_any_spelling(way):
    code = codes.issue_for_vehicle(make("返付準備完了"), now=clock.now())

    answer = look(signed_in("counter"), way(code.lookup_key))

    assert answer.redirect_chain == [(reverse("counter:code", args=[code.pk]), 302)]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "二次元コードまたは検索キーを入力してください。"),
        ("1234 5678 9012 3456", "検索キーの数字が正しくありません。"),
        ("12345", "検索キーの数字が正しくありません。"),
        ("https://evil.example/", "このポータルで発行した二次元コードでも検索キーでもありません。"),
        ("<script>alert(1)</script>", "このポータルで発行した"),
        ("a\u202eb", "使用できない文字が入っています：書字方向の制御文字（U+202E）"),
        ("かたかなにゅうりょく", "日本語入力がオンになっているため"),
        ("ＫＡＭＥＲＡ", "半角英数に切り替えて"),
        ("9" * 4096, "200文字以内で"),
    ],
)
def test_a_typing_fault_is_told_beside_the_field(typed, message):
    answer = signed_in("counter").post(DESK, {"text": typed})

    assert answer.status_code == 200
    assert message in text_of(answer)
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize(
    "way", ["]Q1{}", "］Ｑ１{}", "]d2{}\t", "https://evil.example/{}", "9999 9999{}", "{}{}"]
)
def test_a_scan_is_read_whatever_stands_before_it(way):
    code = codes.issue_for_vehicle(make("返付準備完了"), now=clock.now())
    text = symbol.payload(code)

    answer = look(signed_in("counter"), way.format(text, text))

    assert answer.redirect_chain == [(reverse("counter:code", args=[code.pk]), 302)]


def test_after_a_misread_the_field_is_empty_and_the_text_is_shown():
    page = signed_in("counter").post(DESK, {"text": "https://evil.example/"}).content.decode()

    assert "読み取った内容：https://evil.example/" in page
    assert 'value="https' not in page


def test_a_key_with_a_slip_stays_to_be_corrected():
    page = signed_in("counter").post(DESK, {"text": "1234 5678 9012 3456"}).content.decode()

    assert 'value="1234 5678 9012 3456"' in page


def test_every_look_is_on_record_and_on_the_page():
    client = signed_in("counter")
    code = codes.issue_for_vehicle(make("返付準備完了"), now=clock.now())
    look(client, code.lookup_key)
    look(client, "1234567812345670")

    said = text_of(client.get(DESK))

    assert f"末尾 {code.lookup_key[-4:]} ）：該当あり" in said.replace("）", " ）")
    assert list(Look.objects.values_list("by", "result").order_by("pk")) == [
        ("counter", ""),
        ("counter", Refusal.UNKNOWN),
    ]


def test_guessing_keys_is_stopped(settings):
    settings.KOSS_LOOK_MISSES = 2
    client = signed_in("counter")
    for number in (1, 2):
        assert look(client, key_of(number)).status_code == 404

    answer = look(client, key_of(3))

    assert answer.status_code == 429
    assert "検索の一時停止" in text_of(answer)


def key_of(number):
    body = f"{number:015d}"
    return body + numbers.check_digit(body)


def refused_codes():
    """Reason → a code that is refused for it."""
    now = clock.now()
    waiting = registered("待機行政書士　（１２３４５６７８）")
    frozen = registered("停止団体")
    changed = registered("変更団体")
    change = codes.issue_password_change(changed.name, "atarashii-2024", now=now)
    old = code_of(changed.name)
    handing_over.take_over_password(change, by=CLERK, office=the_office(), now=now)
    of_frozen = code_of(frozen.name)
    receivers.freeze(frozen, by=CLERK, now=now, reason="紛失")
    away = make("返付準備完了", office=elsewhere())
    twice = make("返付準備完了")
    first = codes.issue_for_vehicle(twice, now=now)
    codes.issue_for_vehicle(twice, now=now)
    return {
        Refusal.NOTHING_READY: code_of(waiting.name),
        Refusal.WRONG_PASSWORD: code_of(waiting.name, "machigai-2024"),
        Refusal.NOT_REGISTERED: code_of("登録なし"),
        Refusal.FROZEN: of_frozen,
        Refusal.PASSWORD_CHANGED: old,
        Refusal.USED: change,
        Refusal.ALREADY_REGISTERED: codes.issue_registration(waiting.name, PASSWORD, now=now),
        Refusal.WRONG_OFFICE: codes.issue_for_vehicle(away, now=now),
        Refusal.SUPERSEDED: first,
    }


def test_each_refusal_has_its_own_sentence_and_is_logged():
    client = signed_in("counter")
    sentences = set()
    for reason, code in refused_codes().items():
        answer = look(client, symbol.payload(code))

        assert (reason, answer.status_code) == (reason, 409)
        assert str(reason.label) in text_of(answer)
        sentences.add(answer.context["refusal"].sentence)
        assert Look.objects.latest("pk").result == reason
    assert len(sentences) == 9


def test_a_forged_symbol_is_told_from_an_unknown_key():
    code = code_of()
    genuine = symbol.payload(code)
    forged = genuine[:-1] + ("A" if genuine[-1] != "A" else "B")

    answer = look(signed_in("counter"), forged)

    assert answer.status_code == 404
    assert "発行した記録のない二次元コード" in text_of(answer)


def test_a_paper_that_is_too_old_is_refused():
    code = codes.issue_registration("期限団体", PASSWORD, now=clock.now() - timedelta(days=31))

    answer = look(signed_in("counter"), symbol.payload(code))

    assert "有効期限切れの二次元コード" in text_of(answer)


def test_a_receiver_is_registered_only_after_both_ticks():
    client = signed_in("counter")
    code = codes.issue_registration("軽自協会", PASSWORD, now=clock.now())
    address = found(client, code)
    request_key = request_key_of(client, address)
    for ticks in ({}, {"paper": "on"}, {"name": "on"}):
        answer = client.post(address, {"request_key": request_key, **ticks})
        assert answer.status_code == 200
        assert "まだ何も記録していません。" in text_of(answer)
        assert field_of(answer, "request_key") == request_key
    assert not Receiver.objects.exists()

    first = client.post(address, {"request_key": request_key, **TICKED})
    again = client.post(address, {"request_key": request_key, **TICKED})

    assert first.url == again.url == reverse("counter:receipt", args=[code.pk])
    assert "新規登録を記録しました。" in text_of(client.get(first.url))
    assert Receiver.objects.get().events.count() == 1
    other = client.post(address, {"request_key": "0" * 32, **TICKED})
    assert other.status_code == 409
    assert first.url in other.content.decode()


@pytest.mark.parametrize(
    ("name", "paper"),
    [(NAME, "行政書士証票のコピー"), ("軽自協会", "団体の身分証明書のコピー")],
)
def test_which_paper_is_asked_for(name, paper):
    client = signed_in("counter")
    code = codes.issue_registration(name, PASSWORD, now=clock.now())

    assert paper in text_of(client.get(found(client, code)))


def test_some_are_handed_over_and_the_rest_needs_a_new_code():
    registered()
    taken, left = ready(), ready()
    client = signed_in("counter")
    code = code_of()
    address = found(client, code)
    page = client.get(address)
    assert options_of(page, "vehicle") == [str(taken.pk), str(left.pk)]
    assert "新しい認証用二次元コードが必要です" in text_of(page)

    request_key = field_of(page, "request_key")
    answer = client.post(address, {"vehicle": taken.pk, "person": "on", "request_key": request_key})

    assert answer.url == reverse("counter:receipt", args=[code.pk])
    assert Pickup.objects.get().application == taken
    assert look(client, code.lookup_key).status_code == 409
    assert options_of(client.get(found(client, code_of())), "vehicle") == [str(left.pk)]


def test_a_second_press_shows_the_same_receipt():
    registered()
    vehicles = [ready() for _ in range(3)]
    client = signed_in("counter")
    address = found(client, code_of())
    sent = {
        "vehicle": [vehicle.pk for vehicle in vehicles],
        "person": "on",
        "request_key": request_key_of(client, address),
    }

    answers = [client.post(address, sent) for _ in range(2)]

    assert answers[0].url == answers[1].url
    assert "3件の交付物を渡しました。" in text_of(client.get(answers[1].url))
    assert Pickup.objects.count() == 3
    for vehicle in vehicles:
        assert vehicle.history.filter(move="hand_over").count() == 1


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"person": "on"}, "渡す車両を選んでください。"),
        ({"vehicle": "own"}, "確認してから、チェックを付けてください。"),
        ({"vehicle": "own", "person": "on"}, "必要な書類を確認して"),
        ({"vehicle": "stranger", "person": "on"}, "選べない車両が含まれています。"),
        ({"vehicle": "x' OR 1=1", "person": "on"}, "選べない車両が含まれています。"),
    ],
)
def test_a_missing_tick_or_a_forged_vehicle_hands_over_nothing(sent, message):
    registered()
    keys = {
        "own": ready(annual_tax_confirmed=None).pk,
        "stranger": ready(name="ほかの団体").pk,
    }
    client = signed_in("counter")
    address = found(client, code_of())
    sent = {**sent, "request_key": request_key_of(client, address)}
    sent["vehicle"] = keys.get(sent.get("vehicle"), sent.get("vehicle", ()))

    answer = client.post(address, sent)

    assert answer.status_code == 200
    assert message in text_of(answer)
    assert "まだ何も渡していません。" in text_of(answer)
    assert not Pickup.objects.exists()
    assert not Code.objects.filter(used_at__isnull=False, kind="authentication").exists()


def test_what_was_typed_is_kept_when_a_tick_is_missing():
    registered()
    chosen, unchosen = ready(annual_tax_confirmed=None), ready()
    client = signed_in("counter")
    address = found(client, code_of())

    answer = client.post(
        address, {"vehicle": chosen.pk, "request_key": request_key_of(client, address)}
    )

    boxes = pages.read(answer.content.decode()).all("input")
    state = {
        each["value"]: "checked" in each.attributes for each in boxes if each["name"] == "vehicle"
    }
    assert state == {str(chosen.pk): True, str(unchosen.pk): False}


def test_a_vehicle_that_moved_on_meanwhile_is_named():
    """Somebody switched one of two vehicles to a code of its own after the page was drawn."""
    registered()
    stays, leaves = ready(), ready()
    client = signed_in("counter")
    code = code_of()
    address = found(client, code)
    sent = {
        "vehicle": [stays.pk, leaves.pk],
        "person": "on",
        "request_key": request_key_of(client, address),
    }
    codes.issue_for_vehicle(leaves, now=clock.now())

    answer = client.post(address, sent)

    assert answer.status_code == 200
    assert "選べない車両が含まれています。" in text_of(answer)
    assert not Pickup.objects.exists()
    assert options_of(answer, "vehicle") == [str(stays.pk)]


def test_a_vehicle_of_another_office_is_never_on_the_list():
    registered()
    here, away = ready(), ready(office=elsewhere())
    client = signed_in("counter")

    assert options_of(client.get(found(client, code_of())), "vehicle") == [str(here.pk)]
    assert Application.objects.get(pk=away.pk).get_status_display() == "返付準備完了"


def test_each_procedure_needs_its_own_code():
    registered()
    ready()
    new = ready_for_receiver(Procedure.NEW_VEHICLE)
    client = signed_in("counter")

    page = client.get(found(client, code_of(procedure=Procedure.NEW_VEHICLE)))

    assert options_of(page, "vehicle") == [str(new.pk)]


def test_a_receipt_belongs_to_its_office():
    registered()
    client = signed_in("counter")
    code = code_of()
    vehicle = ready()
    address = found(client, code)
    request_key = request_key_of(client, address)
    client.post(address, {"vehicle": vehicle.pk, "person": "on", "request_key": request_key})
    receipt = reverse("counter:receipt", args=[code.pk])

    said = text_of(client.get(receipt))

    for words in ("1件の交付物を渡しました。", vehicle.chassis_number, code.lookup_key[-4:]):
        assert words in said
    assert code.lookup_key not in client.get(receipt).content.decode()
    other = signed_in("counter", username="other", office="札幌主管事務所")
    assert other.get(receipt).status_code == 404
    assert client.get(f"{DESK}receipt/999999/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_the_database_seldom(django_assert_num_queries, count):
    registered()
    vehicles = [ready() for _ in range(count)]
    client = signed_in("counter")
    code = code_of()
    address = found(client, code)

    with django_assert_num_queries(8):  # session, user, roles, desk, office, looks
        client.get(DESK)
    with django_assert_num_queries(14):
        request_key = field_of(client.get(address), "request_key")
    keys = [vehicle.pk for vehicle in vehicles]
    client.post(address, {"vehicle": keys, "person": "on", "request_key": request_key})
    with django_assert_num_queries(11):
        client.get(reverse("counter:receipt", args=[code.pk]))
