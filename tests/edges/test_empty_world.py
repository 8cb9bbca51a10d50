"""Every page in a world where nothing has happened yet: no rows, no history, no accounts."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from koss import urls
from koss.demo import urls as demo_urls
from koss.demo import world
from koss.ground import clock
from payments.demo import payers
from tests import crawler
from tests.signing_in import signs_in_to_my_page, signs_in_to_pay
from tests.staff import signed_in
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

ROLES = ("reviewer", "tax_office", "counter", "operator")


@pytest.mark.parametrize("role", ROLES)
def test_staff_open_and_press_everything(role):
    seen = crawler.walk(signed_in(role), "/admin/", inside="/admin/")

    assert "/admin/password_change/" in seen
    assert len(seen) > 10


@pytest.mark.parametrize("signs_in", [signs_in_to_my_page, signs_in_to_pay])
def test_a_payment_user_opens_and_presses_everything(signs_in):
    payers.payment_user(now=clock.now())
    visitor = Visitor()
    begin = signs_in(visitor)

    seen = crawler.walk(visitor.client, begin, inside="/".join(begin.split("/")[:3]))

    assert len(seen) > 4


def test_a_payment_user_without_a_record_is_told_so():
    payers.payment_user(now=clock.now())
    visitor = Visitor()
    begin = signs_in_to_my_page(visitor)
    user = payers.payment_user(now=clock.now())
    user.events.all().delete()
    for page in ("", "history/"):
        visitor.opens(begin + page)
        visitor.sees("ログイン履歴", "記録はまだありません。")


def test_a_stranger_opens_and_presses_everything():
    seen = crawler.walk(Client(), "/")

    assert {"/news/", "/codes/issue/", "/status/login/", "/mypage/issue/"} <= seen


@pytest.mark.urls(__name__)
def test_the_page_of_a_demo_without_applications(visitor, settings):
    settings.DEMO = settings.KOSS_DEMO_EMPTY = True
    assert world.load(now=clock.now())
    for address in ("/demo/", "/demo/?status="):
        visitor.opens(address)
        assert visitor.status == 200
        visitor.sees("デモ環境", "このデモには、用意された申請がありません。")
        visitor.does_not_see("まず試す", "ボタンを押すと、パスワードを入力せずに")


# ---- the walk itself can fail


def broken(request):
    return HttpResponse("<p>⟦events.0.at⟧</p>")


def failing(request):
    return HttpResponse(status=500)


def begin(request):
    return HttpResponse(
        f'<form method="post" action="/{request.GET["to"]}/"><button>x</button></form>'
    )


urlpatterns = [
    *urls.urlpatterns,
    path("demo/", urls.include(demo_urls)),
    path("begin/", begin),
    path("broken/", broken),
    path("failing/", failing),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("to", ["broken", "failing"])
def test_a_planted_fault_is_found(to):
    with pytest.raises(crawler.Fault, match=to):
        crawler.walk(Client(), f"/begin/?to={to}")
