"""The code of one vehicle, from the status page: refusals, presses, whose it is."""

import io

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from applications.life import moves
from applications.models import ReceivingMethod
from applications.status import Actor, MoveName, Status
from koss.ground import clock
from qrcodes.issuing import symbol
from qrcodes.models import Code
from tests import pages
from tests.signing_in import signs_in

pytestmark = pytest.mark.django_db

PICKUP = "受取者認証兼受取車両個別申告用二次元コードの発行"
BY_RECEIVER = ReceivingMethod.RECEIVER_CODE
BY_VEHICLE = ReceivingMethod.VEHICLE_CODE
PAGE_QUERIES = 4  # session, application with office, code


def addresses(status_page):
    """(二次元コード確認, the page before it) of the inquiry whose status page this is."""
    page = status_page.replace("/status/", "/codes/vehicle/")
    return page, f"{page}issue/"


def request_key_on(visitor):
    # The button stands beside what to do next, and in its own part of the page.
    forms = [each for each in visitor.page.all("form") if "/issue/" in each["action"]]
    [request_key] = {
        field["value"]
        for form in forms
        for field in form.all("input")
        if field["name"] == "request_key"
    }
    return request_key


def test_pressing_twice_makes_one_code(visitor, an_application):
    page, issue = addresses(
        signs_in(visitor, an_application("返付準備完了", receiving_method=BY_VEHICLE))
    )
    request_key = request_key_on(visitor)

    answers = [visitor.client.post(issue, {"request_key": request_key}) for _time in range(2)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, page)] * 2
    assert Code.objects.count() == 1


def test_loading_the_page_again_issues_nothing(visitor, an_application):
    page, _ = addresses(
        signs_in(visitor, an_application("返付準備完了", receiving_method=BY_VEHICLE))
    )
    visitor.presses(PICKUP)

    for _time in range(2):
        visitor.opens(page)
        visitor.sees("二次元コード確認")

    assert Code.objects.count() == 1


def test_the_warning_comes_before_anything_changes(visitor, an_application):
    application = an_application("返付準備完了", receiving_method=BY_RECEIVER)
    signs_in(visitor, application)

    visitor.presses(PICKUP)

    visitor.sees_in_order(
        "受取方法 受取者（証明書等管理業者）認証用二次元コード", "元に戻すことはできません"
    )
    application.refresh_from_db()
    assert application.receiving_method == BY_RECEIVER


def test_the_warning_is_gone_once_it_is_changed(visitor, an_application):
    application = an_application("返付準備完了", receiving_method=BY_VEHICLE)
    _, issue = addresses(signs_in(visitor, application))

    visitor.opens(issue)

    visitor.does_not_see("元に戻すことはできません")
    visitor.sees("前に発行した二次元コードは使えなくなります")


@pytest.mark.parametrize("status", [str(s.label) for s in Status if s not in Status.READY])
def test_no_other_status_issues(visitor, an_application, status):
    application = an_application(status)
    page, issue = addresses(signs_in(visitor, application))

    visitor.opens(issue)
    assert visitor.status == 409
    visitor.sees("発行できませんでした", status)
    answer = visitor.client.post(issue, {"request_key": "1.key"})

    assert answer.status_code == 409
    assert not Code.objects.exists()
    visitor.opens(page)
    visitor.sees("申請状況確認", status)


def test_handed_over_meanwhile(visitor, an_application):
    application = an_application("返付準備完了", receiving_method=BY_VEHICLE)
    page, issue = addresses(signs_in(visitor, application))
    visitor.presses(PICKUP)
    visitor.presses("戻る")
    hand_over(application)

    visitor.presses(PICKUP)

    assert visitor.status == 409
    visitor.sees("発行できませんでした", "返付済")
    visitor.opens(page)
    visitor.sees("現在の申請状況 返付済")
    assert visitor.client.get(f"{page}code.png").status_code == 302
    assert visitor.client.get(issue).status_code == 409


def hand_over(application):
    moves.perform(
        MoveName.HAND_OVER,
        application,
        actor=Actor.COUNTER,
        by="madoguchi",
        now=clock.now(),
        inputs=moves.Inputs(reason="窓口で渡した。"),
    )


def test_another_browser_sees_and_does_nothing(visitor, an_application):
    page, issue = addresses(
        signs_in(visitor, an_application("返付準備完了", receiving_method=BY_VEHICLE))
    )
    visitor.presses(PICKUP)

    stranger = Client()
    for answer in (
        stranger.get(page),
        stranger.get(f"{page}code.png"),
        stranger.get(issue),
        stranger.post(issue),
    ):
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/status/login/")
    assert Code.objects.count() == 1


def test_two_applications_in_one_browser_stay_apart(visitor, an_application):
    first, second = (
        an_application("返付準備完了", receiving_method=BY_VEHICLE, chassis_number=f"AX01-{n}")
        for n in range(2)
    )
    pages_of = [addresses(signs_in(visitor, each))[0] for each in (first, second)]
    for page in pages_of:
        visitor.client.post(f"{page}issue/")

    for page, application in zip(pages_of, (first, second), strict=True):
        text = pages.read(visitor.client.get(page).content.decode()).text
        code = Code.objects.get(application=application)
        assert code.lookup_key[-4:] in text
        assert application.receipt_number[-5:] in text


def test_issuing_needs_a_token_of_this_site(visitor, an_application):
    _, issue = addresses(
        signs_in(visitor, an_application("返付準備完了", receiving_method=BY_RECEIVER))
    )
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.client.cookies

    assert strict.post(issue).status_code == 403
    assert not Code.objects.exists()


@pytest.mark.parametrize("request_key", ["", "x", "1.", ".key", "-1.k", "1." + "k" * 99])
def test_a_mangled_request_key_breaks_nothing(visitor, an_application, request_key):
    page, issue = addresses(
        signs_in(visitor, an_application("返付準備完了", receiving_method=BY_VEHICLE))
    )

    answer = visitor.client.post(issue, {"request_key": request_key})

    assert (answer.status_code, answer.url) == (302, page)
    assert Code.objects.count() == 1


def test_the_picture_is_the_newest_code(visitor, an_application):
    page, _ = addresses(
        signs_in(visitor, an_application("返付準備完了", receiving_method=BY_VEHICLE))
    )
    for _time in range(2):
        visitor.presses(PICKUP)
        visitor.presses("戻る")

    response = visitor.client.get(f"{page}code.png")

    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(response.content)).convert("L"))
    assert read.text == symbol.payload(Code.objects.get(voided_at=None))
    assert read.text.startswith("V")


def test_queries(visitor, an_application, django_assert_num_queries):
    page, _ = addresses(
        signs_in(visitor, an_application("返付準備完了", receiving_method=BY_VEHICLE))
    )
    visitor.presses(PICKUP)

    with django_assert_num_queries(PAGE_QUERIES):
        visitor.client.get(page)
