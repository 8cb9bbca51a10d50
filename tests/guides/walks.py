"""The ways to the screens of the guides: one walk leads to one page, of which there are scenes."""

from dataclasses import dataclass
from datetime import UTC, datetime

import time_machine
from django.conf import settings

from applications.models import Application
from koss.portal.languages import of_all_pages
from tests import every_page, payer_pages
from tests.apply import walk
from tests.every_page import Kind, begins
from tests.signing_in import signs_in_to_my_page
from tests.visitor import Visitor
from tests.ways import opens, opens_below, presses, stay
from tests.window import Drawn

# A Wednesday morning in Japan: dates on the screens are the same whenever a picture is taken.
MOMENT = datetime(2026, 6, 10, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Walk:
    """``kind``: where it begins and how it goes on. ``scenes``: names of what is seen there."""

    kind: Kind
    scenes: tuple[str, ...]

    def __str__(self):
        return self.scenes[0]


def _walk(*scenes, way=stay, status="", **kind):
    return Walk(Kind(scenes[0], way, status, **kind), scenes)


def _step_of_the_plate(person):
    walk.begins(person)
    person.opens(f"{person.path}step/plate/")


def _answers(person):
    walk.begins(person)
    walk.answers(person)


def _types_its_number(person):
    """Of an application that there is: for an unknown number the page names any procedure."""
    person.opens("/status/login/")
    person.fills("受付番号（到達番号）", Application.objects.get().receipt_number)
    person.presses("次へ")


def _signs(person):
    _answers(person)
    person.presses("署名に進む")


def _my_page(*words):
    def way(person):
        signs_in_to_my_page(person)
        presses(*words)(person)

    return way


def _of_a_payer(*scenes, name):
    """As the page ``name`` of tests/payer_pages.py."""
    way, fields = next((way, fields) for each, way, fields in payer_pages.WAYS if each == name)
    return Walk(Kind(scenes[0], way, payer=True, **fields), scenes)


_CORRECTION = "検査申請補正待ち"
_FEES = "検査手数料等納付待ち"
WALKS = [
    _walk("apply-begin", way=opens("/apply/")),
    _walk("apply-tasks", way=walk.begins),
    _walk("apply-step", way=_step_of_the_plate),
    _walk("apply-check", way=_answers),
    _walk("apply-sign", way=_signs),
    _walk("screen-applications", way=opens("/screen/")),
    _walk("login", way=opens("/status/login/")),
    _walk("password", way=_types_its_number, status="検査申請審査中"),
    _walk(
        "status-current",
        "status-next",
        "status-notice",
        "status-end",
        "status-correction",
        status=_CORRECTION,
    ),
    _walk("status-payment", "individual-press", status=_FEES),
    _walk("correction-login", way=opens("/status/login/correction/")),
    _walk("correction-order", "correction", way=every_page.opens_correction, status=_CORRECTION),
    _walk("correction-review", way=every_page.reviews_a_correction, status=_CORRECTION),
    _walk("status-in-review", "individual-paid", status="検査申請審査中"),
    _walk("status-withdrawal", status="検査手数料等まとめ払い中"),
    _walk("withdrawal", way=opens_below("withdrawal/"), status=_CORRECTION),
    _walk("status-withdrawing", status="検査申請取り下げ中"),
    _walk("status-invalid", status="検査申請無効"),
    _of_a_payer("batches-list", "batches-withdrawal", name="batches: list"),
    _of_a_payer("batch-withdrawal", name="batches: withdrawal"),
    _walk("individual-ways", "individual-numbers", way=presses("納付"), status=_FEES),
    _walk("individual-bank", way=every_page.chooses_a_bank, status=_FEES),
    _walk("payment-login", way=opens("/payment/login/")),
    _of_a_payer("payment-menu", "batches-menu", "direct-menu", name="payment menu"),
    _of_a_payer("targets-search", name="targets: search"),
    _of_a_payer("targets-list", name="targets: list"),
    _of_a_payer("targets-check", name="targets: check"),
    _of_a_payer("batch-ways", name="paying a batch"),
    _of_a_payer("direct-search", name="direct: search"),
    _of_a_payer("direct-list", name="direct: list"),
    _of_a_payer("direct-check", name="direct: check"),
    _of_a_payer("direct-orders", name="direct: orders"),
    _walk("status-receiving", status="返付準備完了"),
    _walk("vehicle-code", way=every_page.issues_for_a_vehicle, status="返付準備完了"),
    _walk("code-issue", way=opens("/codes/issue/")),
    _walk("receiver-code", way=every_page.fills_in_a_code),
    _walk("my-page-login", way=opens("/mypage/login/")),
    _walk("my-page-user", "my-page-menu", "my-page-download", way=_my_page(), payer=True),
    _walk("my-page-details", way=_my_page("利用者情報変更"), payer=True),
    _walk("my-page-account", way=_my_page("国庫金ダイレクト納付口座新規作成"), payer=True),
    _walk("password-change", way=opens("/mypage/password/")),
    _walk("batch-file-check", way=_my_page("まとめ納付管理ファイルの確認"), payer=True),
]


def pages(walk, an_application):
    """{language: page as it was answered} at the end of ``walk``."""
    visitor = Visitor()
    with time_machine.travel(MOMENT):
        begins(visitor, walk.kind, an_application)
        walk.kind.way(visitor)
        return {language: _page(visitor, language) for language in of_all_pages()}


def _page(visitor, language):
    """The page that is open, opened once more in ``language``."""
    visitor.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    asked = visitor.response.request
    query = asked.get("QUERY_STRING", "")
    visitor.opens(asked["PATH_INFO"] + (f"?{query}" if query else ""))
    return Drawn(visitor.path, visitor.html, visitor.status, visitor.response.headers)
