"""Receivers and the counter's records as staff see them."""

import pytest
from django.urls import reverse

from koss.ground import clock, numbers
from qrcodes.counter import finding, handing_over
from qrcodes.issuing import codes
from qrcodes.models import Code, Receiver, ReceiverEvent
from tests.receivers import CLERK, NAME, code_of, ready_for_receiver, registered, the_office
from tests.staff import signed_in, text_of
from tests.world import make

pytestmark = pytest.mark.django_db

LIST = "/admin/qrcodes/receiver/"
WORDS = " ".join(NAME.split())


def page_of(receiver):
    return reverse("admin:qrcodes_receiver_change", args=[receiver.pk])


def freeze(client, receiver, *, do="frozen", reason="紙を紛失したとの連絡があった"):
    address = reverse("admin:qrcodes_receiver_freeze", args=[receiver.pk])
    return client.post(address, {"do": do, "reason": reason})


def picked_up(receiver, **fields):
    vehicle = ready_for_receiver(name=receiver.name, annual_tax_confirmed=True, **fields)
    [result] = handing_over.hand_over(
        code_of(receiver.name), [vehicle], by=CLERK, office=vehicle.office, now=clock.now()
    )
    assert result.pickup
    return vehicle


def test_a_receiver_s_page_tells_its_history():
    receiver = registered()
    vehicle = picked_up(receiver)
    change = codes.issue_password_change(NAME, "atarashii-2024", now=clock.now())
    handing_over.take_over_password(change, by=CLERK, office=the_office(), now=clock.now())

    said = text_of(signed_in("counter").get(page_of(receiver)))

    for words in (WORDS, "新規登録", "パスワード変更", "東京主管事務所", CLERK):
        assert words in said
    assert numbers.grouped(vehicle.receipt_number) in said
    assert receiver.password not in said


def test_pickups_of_other_offices_stay_there():
    receiver = registered()
    picked_up(receiver)
    other = signed_in("counter", office="札幌主管事務所")

    said = text_of(other.get(page_of(receiver)))

    assert "この窓口で受け取った車両はまだありません。" in said
    assert not other.get("/admin/qrcodes/pickup/").context["cl"].result_count


def test_operators_see_receivers_but_no_applications():
    receiver = registered()
    vehicle = picked_up(receiver)

    said = text_of(signed_in("operator").get(page_of(receiver)))

    assert "新規登録" in said
    assert numbers.grouped(vehicle.receipt_number) not in said


@pytest.mark.parametrize("role", ["counter", "operator"])
def test_freezing_and_letting_go_on(role):
    receiver = registered()
    ready_for_receiver()
    code = code_of()
    client = signed_in(role)

    assert freeze(client, receiver).url == page_of(receiver)

    said = text_of(client.get(page_of(receiver)))
    assert "この受取者は利用を停止されています。" in said
    assert "紙を紛失したとの連絡があった" in said
    with pytest.raises(finding.CodeRefused):
        finding.open_code(code, office=the_office(), now=clock.now())
    freeze(client, receiver)
    assert "すでにその状態になっています。" in text_of(client.get(page_of(receiver)))
    freeze(client, receiver, do="unfrozen", reason="見つかった")
    receiver.refresh_from_db()
    assert not receiver.is_frozen
    kinds = ReceiverEvent.objects.order_by("pk").values_list("kind", "by")
    assert list(kinds) == [("registered", CLERK), ("frozen", role), ("unfrozen", role)]
    finding.open_code(code, office=the_office(), now=clock.now())


@pytest.mark.parametrize("reason", ["", " 　\n", "あ" * 1001])
def test_freezing_needs_a_reason(reason):
    receiver = registered()

    answer = freeze(signed_in("counter"), receiver, reason=reason)

    assert answer.status_code == 200
    assert "まだ何も記録していません。" in text_of(answer)
    assert not Receiver.objects.get().is_frozen


def test_nobody_else_freezes():
    receiver = registered()
    for role in ("reviewer", "tax_office"):
        assert freeze(signed_in(role), receiver).status_code == 403
    assert freeze(signed_in(superuser=True), receiver).status_code == 403
    client = signed_in("counter")
    address = reverse("admin:qrcodes_receiver_freeze", args=[receiver.pk])
    assert client.get(address).status_code == 405
    assert client.post(page_of(receiver), {"name": "x"}).status_code == 403
    assert client.get(f"{LIST}999999/change/").status_code == 404
    assert client.get(f"{LIST}{'9' * 30}/change/").status_code == 404
    assert not Receiver.objects.get().is_frozen


@pytest.mark.parametrize(("typed", "count"), [("", 2), ("軽自", 1), ("協会", 1), ("なし", 0)])
def test_receivers_are_found_by_name(typed, count):
    registered()
    registered("販売協会")

    answer = signed_in("operator").get(LIST, {"q": typed})

    assert answer.context["cl"].result_count == count


@pytest.mark.parametrize(("frozen", "names"), [("yes", {"販売協会"}), ("no", {NAME}), ("x", None)])
def test_the_list_is_narrowed_to_the_frozen(frozen, names):
    registered()
    client = signed_in("counter")
    freeze(client, registered("販売協会"))

    answer = client.get(LIST, {"frozen": frozen})

    shown = {receiver.name for receiver in answer.context["cl"].result_list}
    assert shown == (names or {NAME, "販売協会"})


def test_a_list_never_shows_a_whole_lookup_key():
    registered()
    code = code_of()
    client = signed_in("counter")
    for address in ("/admin/qrcodes/code/", f"/admin/qrcodes/code/{code.pk}/change/"):
        html = client.get(address).content.decode()
        assert code.lookup_key[-4:] in html
        assert code.lookup_key not in html
        assert code.public_id not in html


def test_codes_are_found_by_the_key_on_the_paper_and_by_name():
    registered()
    code = code_of()
    client = signed_in("counter")
    for typed, count in ((numbers.grouped(code.lookup_key), 1), ("軽自", 2), ("なし", 0)):
        answer = client.get("/admin/qrcodes/code/", {"q": typed})
        assert (typed, answer.context["cl"].result_count) == (typed, count)


def test_codes_of_vehicles_belong_to_their_office():
    codes.issue_for_vehicle(make("返付準備完了"), now=clock.now())
    seen = {
        office: signed_in("counter", username=office, office=office)
        .get("/admin/qrcodes/code/")
        .context["cl"]
        .result_count
        for office in ("東京主管事務所", "札幌主管事務所")
    }

    assert seen == {"東京主管事務所": 1, "札幌主管事務所": 0}
    assert signed_in("operator").get("/admin/qrcodes/code/").context["cl"].result_count == 0
    assert Code.objects.count() == 1


def test_pickups_are_found_by_receipt_number_and_by_name():
    vehicle = picked_up(registered())
    client = signed_in("counter")
    for typed, count in ((numbers.grouped(vehicle.receipt_number), 1), ("軽自", 1), ("x", 0)):
        answer = client.get("/admin/qrcodes/pickup/", {"q": typed})
        assert (typed, answer.context["cl"].result_count) == (typed, count)
