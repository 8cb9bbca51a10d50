"""【一括申請】二次元コード発行の操作手順 Ver 2.1."""

import re
from datetime import timedelta

import pytest

from applications.models import ReceivingMethod
from koss.ground import clock, numbers
from qrcodes.models import Code, Receiver
from tests.receivers import registered
from tests.signing_in import signs_in

pytestmark = pytest.mark.django_db

NAME = "軽自行政書士事務所　軽自　太郎（１２３４５６７８）"
PASSWORD = "uketori-2024"
PICKUP = "受取者認証兼受取車両個別申告用二次元コードの発行"
BY_RECEIVER = ReceivingMethod.RECEIVER_CODE
BY_VEHICLE = ReceivingMethod.VEHICLE_CODE


def opens_the_form(visitor):
    """1. 二次元コード発行画面の表示"""
    visitor.opens("/")  # ①
    visitor.sees_in_order("はじめての方", "事前の準備（一括申請）", "二次元コードの発行")
    visitor.presses("二次元コードの発行")  # ②
    visitor.sees_in_order("ステップ 6", "二次元コードの発行", "こちらから", "戻る")
    visitor.presses("こちらから")  # ③


def issues(visitor, purpose, *, name=NAME, password=PASSWORD, procedure=""):
    opens_the_form(visitor)
    visitor.sees_in_order(
        "二次元コード発行",
        "使用目的",
        "受取者（証明書等管理業者）新規登録用",
        "受取者（証明書等管理業者）認証用",
        "受取者（証明書等管理業者）パスワード変更用",
        "手続種別",
        "受取者名（証明書等管理業者名）（全角）",
        "パスワード（受取者用パスワード）",
        "パスワード（受取者用パスワード）（確認用）",
        "二次元コードを発行する",
        "終了",
    )
    assert "パスワード表示" in visitor.html  # shown by the script
    visitor.chooses(purpose)
    if procedure:
        visitor.fills("手続種別", {"継続検査": "continued_inspection"}[procedure])
    visitor.fills("受取者名（証明書等管理業者名）（全角）", name)
    visitor.fills("パスワード（受取者用パスワード）", password)
    visitor.fills("パスワード（受取者用パスワード）（確認用）", password)
    visitor.presses("二次元コードを発行する")
    visitor.sees("二次元コード確認")


def rows_of(visitor):
    """The rows of the confirmation, after a look at the number and the buttons."""
    rows = dict(visitor.rows())
    key = rows["検索キー"]
    assert numbers.grouped(numbers.read_lookup_key(key)) == key
    assert re.search(r"<button[^>]*data-koss-print.*?印刷</button>", visitor.html, re.DOTALL)
    return rows


def today():
    return f"{clock.today():%Y年 %m月 %d日}"


def test_registering(visitor):
    """2. 新規登録用二次元コードの発行"""
    issues(visitor, "受取者（証明書等管理業者）新規登録用")  # ①

    visitor.sees_in_order(  # ②
        "二次元コード確認", "受取者（証明書等管理業者）新規登録用二次元コード", "終了"
    )
    rows = rows_of(visitor)
    assert list(rows) == ["発行年月日", "検索キー", "受取者名（証明書等管理業者名）"]
    assert rows["発行年月日"] == today()
    assert re.fullmatch(r"\d{4}( \d{4}){3}", rows["検索キー"])
    assert rows["受取者名（証明書等管理業者名）"] == " ".join(NAME.split())
    visitor.does_not_see("戻る", PASSWORD)
    visitor.sees("行政書士証票のコピー", "団体の身分証明書のコピー")  # ③
    last_day = clock.today() + timedelta(days=30)
    visitor.sees(f"{last_day:%Y年 %m月 %d日}まで")
    assert not Receiver.objects.exists()
    visitor.presses("終了")
    visitor.sees("軽自動車OSS申請")


def test_authenticating(visitor):
    """3. 認証用二次元コードの発行"""
    issues(visitor, "受取者（証明書等管理業者）認証用", procedure="継続検査")  # ①

    visitor.sees("受取者（証明書等管理業者）認証用二次元コード")  # ②
    rows = rows_of(visitor)
    assert list(rows) == ["発行年月日", "検索キー", "手続種別", "受取者名（証明書等管理業者名）"]
    assert rows["発行年月日"] == today()
    assert rows["手続種別"] == "継続検査"
    visitor.does_not_see("戻る", PASSWORD)
    visitor.sees("受け取りのたびに", "A4", "1枚重ねます")  # ③


def test_authenticating_again_and_again(visitor):
    """3. ① 補足: 何度でも再発行が可能"""
    registered()
    keys = set()
    for _time in range(3):
        issues(visitor, "受取者（証明書等管理業者）認証用", procedure="継続検査")
        keys.add(rows_of(visitor)["検索キー"])

    assert len(keys) == 3
    assert Code.objects.filter(voided_at=None, used_at=None).count() == 3


def test_changing_the_password(visitor):
    """4. パスワード変更用二次元コードの発行"""
    issues(visitor, "受取者（証明書等管理業者）パスワード変更用", password="atarashii-2026")  # ①

    visitor.sees("受取者（証明書等管理業者）パスワード変更用二次元コード")  # ②
    rows = rows_of(visitor)
    assert list(rows) == ["発行年月日", "検索キー", "受取者名（証明書等管理業者名）"]
    visitor.does_not_see("戻る", "atarashii-2026")
    visitor.sees(
        "行政書士証票のコピー", "団体の身分証明書のコピー", "パスワードを変えられません"
    )  # ③


def test_a_scrivener_adds_the_registration_number(visitor):
    """2. ① 補足"""
    opens_the_form(visitor)
    visitor.chooses("受取者（証明書等管理業者）新規登録用")
    visitor.fills("受取者名（証明書等管理業者名）（全角）", "軽自行政書士事務所　軽自　太郎")
    visitor.fills("パスワード（受取者用パスワード）", PASSWORD)
    visitor.fills("パスワード（受取者用パスワード）（確認用）", PASSWORD)
    visitor.presses("二次元コードを発行する")

    visitor.sees("行政書士個人の登録番号8桁")
    assert not Code.objects.exists()


def signs_in_by_the_manual(visitor, application):
    """5. 状況照会ログイン"""
    visitor.opens("/")  # ①
    visitor.presses("こちら 一括申請")  # ②
    visitor.presses("状況の照会")  # ③
    visitor.fills("受付番号（到達番号）", application.receipt_number)
    visitor.presses("次へ")  # ④
    visitor.sees(application.get_procedure_display())
    visitor.fills("申請用パスワード", "shinsei-2024")
    visitor.presses("ログイン")  # ⑤


@pytest.mark.parametrize(
    ("procedure", "status"), [("継続検査", "返付準備完了"), ("新車", "交付準備完了")]
)
def test_one_vehicle(visitor, an_application, procedure, status):
    """6. 受取者認証兼受取車両個別申告用二次元コードの発行"""
    application = an_application(status, receiving_method=BY_RECEIVER, receiver_name=NAME)
    signs_in_by_the_manual(visitor, application)
    visitor.sees_in_order(
        "交付物の受け取りに関する情報",
        "受取方法 受取者（証明書等管理業者）認証用二次元コード",
        "から「受取者認証兼受取車両個別申告用二次元コード」に変わります",
        "元に戻すことはできません",
    )
    visitor.presses(PICKUP)  # ①
    visitor.sees("元に戻すことはできません")
    visitor.presses("OK")

    visitor.sees("二次元コード確認", "受取者認証兼受取車両個別申告用二次元コード")  # ②
    rows = rows_of(visitor)  # ③
    assert list(rows) == ["発行日時", "検索キー", "手続種別", "受付番号"]
    assert re.fullmatch(r"\d{4}年 \d\d月 \d\d日 \d\d時 \d\d分 \d\d秒", rows["発行日時"])
    assert re.fullmatch(r"K\d{3}( \d{4}){3}", rows["検索キー"])
    assert rows["手続種別"] == procedure
    assert rows["受付番号"] == numbers.grouped(application.receipt_number)
    visitor.sees(application.office.name, "証明書等管理業者でなくても受け取れます")  # ④
    visitor.presses("戻る")
    assert ("受取方法", "受取者認証兼受取車両個別申告用二次元コード") in visitor.rows()
    visitor.does_not_see("元に戻すことはできません")


def test_one_vehicle_once_more(visitor, an_application):
    """A further press issues anew at once, and the older code dies"""
    signs_in(visitor, an_application("返付準備完了", receiving_method=BY_VEHICLE))
    visitor.presses(PICKUP)
    first = rows_of(visitor)["検索キー"]
    visitor.presses("戻る")

    visitor.presses(PICKUP)

    second = rows_of(visitor)["検索キー"]
    assert first != second
    live = Code.objects.get(voided_at=None)
    assert numbers.grouped(live.lookup_key) == second
    visitor.presses("終了")
    visitor.sees("軽自動車OSS申請")


def test_cancelling_changes_nothing(visitor, an_application):
    application = an_application("返付準備完了", receiving_method=BY_RECEIVER)
    signs_in(visitor, application)
    visitor.presses(PICKUP)
    visitor.presses("キャンセル")

    visitor.sees("受取方法 受取者（証明書等管理業者）認証用二次元コード")
    assert not Code.objects.exists()
    application.refresh_from_db()
    assert application.receiving_method == BY_RECEIVER


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("検査申請審査中", "現在の申請状況が「返付準備完了」のときだけ"),
        ("軽自動車税納付待ち", "現在の申請状況が「交付準備完了」のときだけ"),
        ("検査申請却下", "現在の申請状況が「返付準備完了」のときだけ"),
        ("返付済", "お渡しは済んでいます"),
    ],
)
def test_the_button_works_only_when_ready(visitor, an_application, status, why):
    """申請状況照会の操作手順, part 8"""
    signs_in(visitor, an_application(status))

    visitor.sees_in_order("交付物の受け取りに関する情報", why, PICKUP)
    assert not visitor.can_press(PICKUP)


def test_a_recording_agent_needs_no_code(visitor, an_application):
    agent = {
        "recording_agent_number": "KIROKU0001",
        "recording_agent_name": "指定整備事業者　品川Ａ",
    }
    signs_in(visitor, an_application("返付準備完了", recording_agent_allowed=True, **agent))

    visitor.sees(
        "記録等事務代行者（指定整備事業者 品川Ａ）から受け取って", "二次元コードはいりません"
    )


def test_an_agent_who_may_not_act_changes_nothing(visitor, an_application):
    signs_in(visitor, an_application("返付準備完了", recording_agent_number="KIROKU0001"))

    visitor.does_not_see("二次元コードはいりません")
