"""【一括申請】二次元コード発行の操作手順 Ver 2.1, from the other side: what the counter does with
the codes that the manual has people print and bring."""

import re

import pytest

from applications.models import ReceivingMethod
from koss.ground import clock
from qrcodes.issuing import codes, symbol
from qrcodes.models import Code, CodeKind, Receiver
from tests.receivers import NAME, PASSWORD, code_of, ready_for_receiver, registered
from tests.signing_in import signs_in
from tests.staff import signed_in
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

FIELD = "二次元コードまたは検索キー"
SEEN = "受け取りに来た方と、渡す交付物を確認しました"
CERTIFICATE = "行政書士証票のコピーを受け取り、確認しました"
SAME_NAME = "書面の名前と受取者名が、1文字ずつ同じであることを確認しました"
NEW_PASSWORD = "atarashii-2024"
SHOWN_NAME = " ".join(NAME.split())  # as a reader of the page has it


@pytest.fixture
def clerk(db):
    """Somebody of the counter of 東京主管事務所, on the admin's first page."""
    clerk = Visitor(signed_in("counter"))
    clerk.opens("/admin/")
    return clerk


def reads(clerk, text):
    """Scan a code, or type what is written beside it."""
    clerk.opens("/admin/")
    clerk.presses("二次元コードを読み取る")
    clerk.fills(FIELD, text)
    clerk.presses("確認する")


def the_code(kind):
    return Code.objects.filter(kind=kind).latest("pk")


def issues(person, purpose, password, procedure=""):
    """二次元コード発行: returns what the printed symbol says."""
    person.opens("/codes/issue/")
    person.chooses(f"受取者（証明書等管理業者）{purpose}用")
    if procedure:
        person.fills("手続種別", procedure)
    person.fills("受取者名（証明書等管理業者名）（全角）", NAME)
    person.fills("パスワード（受取者用パスワード）", password)
    person.fills("パスワード（受取者用パスワード）（確認用）", password)
    person.presses("二次元コードを発行する")
    person.sees("二次元コード確認")
    return symbol.payload(Code.objects.latest("pk"))


def papers_of(application):
    groups = re.findall(r".{4}(?=.{4})|.+", application.receipt_number)
    return f"すべて確認しました （{' '.join(groups)}）"


def test_a_receiver_s_whole_life(visitor, clerk):
    """Parts 2, 3 and 4: registered from a paper, fetches in one step, changes the password."""
    paper = issues(visitor, "新規登録", PASSWORD)
    reads(clerk, paper)
    clerk.sees_in_order("新規登録用二次元コード", "受取者名（証明書等管理業者名）", SHOWN_NAME)
    clerk.ticks(CERTIFICATE)
    clerk.ticks(SAME_NAME)
    clerk.presses("受取者を登録する")
    clerk.sees("新規登録を記録しました。", SHOWN_NAME)
    assert Receiver.objects.get().registered_by == "counter"

    vehicles = [ready_for_receiver(annual_tax_confirmed=True) for _ in range(2)]
    reads(clerk, issues(visitor, "認証", PASSWORD, "continued_inspection"))
    clerk.sees_in_order("認証用二次元コード", SHOWN_NAME, "継続検査", "一致", "渡せる車両 2件")
    clerk.ticks(SEEN)
    clerk.presses("まとめて渡す")
    clerk.sees("2件の交付物を渡しました。")
    for vehicle in vehicles:
        vehicle.refresh_from_db()
        assert vehicle.get_status_display() == "返付済"

    reads(clerk, issues(visitor, "パスワード変更", NEW_PASSWORD))
    clerk.sees("パスワード変更用二次元コード", SHOWN_NAME)
    clerk.ticks(CERTIFICATE)
    clerk.ticks(SAME_NAME)
    clerk.presses("新しいパスワードに変更する")
    clerk.sees("パスワード変更を記録しました。")

    ready_for_receiver()
    reads(clerk, issues(visitor, "認証", PASSWORD, "continued_inspection"))
    clerk.sees("受取者用パスワードの不一致")
    reads(clerk, symbol.payload(code_of(password=NEW_PASSWORD)))
    clerk.sees("渡せる車両 1件")


@pytest.mark.parametrize("procedure", ["継続検査", "新車"])
def test_one_vehicle_from_the_applicant_s_screen_to_the_hand_over(
    visitor, clerk, an_application, procedure
):
    """Part 6: the person who brings the code of the vehicle fetches its papers, known or not."""
    ready = "返付準備完了" if procedure == "継続検査" else "交付準備完了"
    application = an_application(
        ready,
        procedure,
        annual_tax_confirmed=True if procedure == "継続検査" else None,
        receiving_method=ReceivingMethod.VEHICLE_CODE,
    )
    signs_in(visitor, application)
    visitor.presses("受取者認証兼受取車両個別申告用二次元コードの発行")
    key = dict(visitor.rows())["検索キー"]

    reads(clerk, key)
    clerk.sees_in_order("受取者認証兼受取車両個別申告用二次元コード", procedure, "渡せる車両 1件")
    clerk.sees(application.applicant_name, application.chassis_number)
    clerk.ticks(SEEN)
    clerk.presses("交付物を渡す")

    clerk.sees("1件の交付物を渡しました。", application.user_name)
    application.refresh_from_db()
    assert application.get_status_display() == {"継続検査": "返付済", "新車": "交付済"}[procedure]
    reads(clerk, key)
    clerk.sees("受け渡し済みの申請", "この申請の交付物は、すでに渡し終わっています。")


def test_a_reissued_code_takes_the_place_of_the_older_one(clerk, an_application):
    application = an_application("返付準備完了")
    older, newer = [codes.issue_for_vehicle(application, now=clock.now()) for _ in range(2)]

    reads(clerk, symbol.payload(older))
    clerk.sees("再発行により失効した二次元コード", "新しい紙面を見せてもらってください。")
    reads(clerk, symbol.payload(newer))
    clerk.sees("渡せる車両 1件")


def test_papers_that_no_system_confirmed_are_asked_for_before_the_hand_over(clerk):
    registered()
    shown = ready_for_receiver(annual_tax_confirmed=False)
    reads(clerk, symbol.payload(code_of()))
    clerk.sees("窓口で見せてもらう書類", "軽自動車税種別割の納付がわかる書面")

    clerk.ticks(SEEN)
    clerk.presses("まとめて渡す")

    clerk.sees("まだ何も渡していません。", "必要な書類を確認してチェックを付けるか")
    clerk.ticks(SEEN)
    clerk.ticks(papers_of(shown))
    clerk.presses("まとめて渡す")
    clerk.sees("1件の交付物を渡しました。", "軽自動車税種別割の納付がわかる書面")
    assert the_code(CodeKind.AUTHENTICATION).pickups.get().papers_seen


def test_a_recording_agent_needs_no_code(clerk, an_application):
    application = an_application(
        "返付準備完了", recording_agent_number="KIROKU0001", recording_agent_name="指定整備事業者"
    )
    clerk.opens(f"/admin/applications/application/{application.pk}/change/")
    clerk.presses("代行者による返付を記録する")
    clerk.presses("代行者による返付を記録する")

    clerk.sees("返付済")
