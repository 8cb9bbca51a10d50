"""添付書類取得状況 on the status page: changes by itself, and gives no stranger's number away."""

import pytest

from applications.models import AttachmentKind, AttachmentState
from applications.papers import asking
from koss.ground import clock
from tests.signing_in import signs_in
from tests.staff import signed_in
from tests.world import make

pytestmark = pytest.mark.django_db
SAFETY, INSURANCE = AttachmentKind.SAFETY_CERTIFICATE, AttachmentKind.LIABILITY_INSURANCE
NUMBER = "AX01-0000001"


@pytest.fixture
def application(systems):
    made = make("検査申請受付中", chassis_number=NUMBER, annual_tax_confirmed=None)
    made.attachments.update(state=AttachmentState.MISSING)
    asking.begin(made, now=clock.now())
    return made


def states(visitor, page):
    visitor.opens(page)
    return {name: value for name, value in visitor.rows() if value in AttachmentState.labels}


def test_the_page_changes_by_itself(visitor, systems, application):
    page = signs_in(visitor, application)
    assert set(states(visitor, page).values()) == {"未取得"}
    visitor.does_not_see("見つかりません")

    systems.papers[SAFETY, NUMBER] = "123456789"
    asking.ask_for_papers.func(application.pk)
    assert states(visitor, page) == {str(INSURANCE.label): "未取得", str(SAFETY.label): "取得済"}
    visitor.sees(f"{INSURANCE.label}が見つかりません", NUMBER)
    visitor.does_not_see(f"{SAFETY.label}が見つかりません")

    application.attachments.filter(kind=INSURANCE).update(state=AttachmentState.NOT_NEEDED)
    assert set(states(visitor, page).values()) == {"不要", "取得済"}
    visitor.does_not_see("見つかりません")


def test_a_near_number_is_shown_without_the_sign_that_differs(visitor, systems, application):
    systems.near = ("AX01-OOOOOO1", "AX0I-0000001", "AX10-0000001")
    page = signs_in(visitor, application)
    asking.ask_for_papers.func(application.pk)

    visitor.opens(page)

    visitor.sees("よく似た車台番号", "AX0●-0000001、AX●●-0000001")
    visitor.does_not_see("AX0I", "AX10", "OOO")


def test_an_outage_claims_nothing(visitor, systems, application):
    systems.away = {SAFETY, INSURANCE}
    page = signs_in(visitor, application)
    asking.ask_for_papers.func(application.pk)

    visitor.opens(page)

    visitor.does_not_see("見つかりません")


@pytest.mark.parametrize(
    ("paid", "said"), [(False, "確認できませんでした"), (None, ""), (True, "")]
)
def test_the_annual_tax_is_said_once_it_is_known(visitor, systems, application, paid, said):
    systems.paid = paid
    page = signs_in(visitor, application)
    asking.ask_for_annual_tax.func(application.pk, 0, None)

    visitor.opens(page)

    visitor.sees(said)
    assert ("種別割を納付した事実" in visitor.page.text) == bool(said)


def test_the_other_message_of_the_annual_tax_comes_with_the_end_of_the_review(visitor, systems):
    application = make("自動車重量税納付待ち", annual_tax_confirmed=None)
    asking.ask_for_annual_tax.func(application.pk, 0, None)

    signs_in(visitor, application)

    visitor.sees("確認できました")


def test_searches_take_no_more_queries(visitor, systems, application, django_assert_num_queries):
    page = signs_in(visitor, application)
    with django_assert_num_queries(6):
        visitor.client.get(page)
    systems.near = ("AX0I-0000001",)
    asking.ask_for_papers.func(application.pk)

    with django_assert_num_queries(6):
        visitor.client.get(page)


def test_staff_see_how_far_the_search_has_come(systems, application):
    asking.ask_for_papers.func(application.pk)

    page = signed_in("reviewer").get("/admin/applications/papersearch/").content.decode()

    assert page.count("保安基準適合証") >= 1
    assert application.receipt_number in page.replace(" ", "")
