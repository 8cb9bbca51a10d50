"""【画面申請】申請状況照会の操作手順 Ver2.1, step by step."""

from datetime import date, datetime

import pytest

from koss.ground import clock

pytestmark = pytest.mark.django_db

CONTINUED = {
    "receipt_number": "22052510350015151",
    "plate": "品川 - 580 - さ - 1234",
    "chassis_number": "AX01-0000001",
    "applicant_name": "軽自行政書士事務所",
    "user_name": "軽自 太郎",
    "recording_agent_number": "KIROKU0001",
    "recording_agent_name": "指定整備事業者 品川A",
}
NEW = {
    "receipt_number": "21122310500030459",
    "chassis_number": "1234567890",
    "applicant_name": "六本木商事",
    "user_name": "六本木商事",
    "owner_name": "同上",
}
PAYMENT_COLUMNS = [
    "収納機関番号",
    "納付番号",
    "確認番号",
    "納付区分",
    "税・手数料種別",
    "納付区別",
    "金額",
    "収納機関名(漢字)",
    "収納機関名(カナ)",
    "納付状況",
    "納付完了日",
    "納付期限",
    "納付",
]


def follows_the_manual_to_the_login(visitor):
    """1. 状況照会ログイン画面の表示"""
    visitor.opens("/")  # ①
    visitor.presses("こちら 画面申請")  # ②, one button in two lines
    visitor.presses("状況の照会")  # ③
    visitor.sees("状況照会 ログイン", "利用規約")


def signs_in(visitor, number, procedure):
    """2. and 4. 状況照会ログイン"""
    visitor.fills("受付番号（到達番号）", number)  # ④
    visitor.presses("次へ")
    visitor.sees(f"状況照会 ログイン {procedure}")
    assert "パスワード表示" in visitor.html  # shown where a script can keep the promise
    assert visitor.field("受付番号（到達番号）")["value"].replace(" ", "") == number
    visitor.fills("申請用パスワード", "shinsei-2024")  # ⑤
    visitor.presses("ログイン")
    visitor.sees(f"状況照会 申請状況確認 {procedure}")  # ⑥


def test_login_for_continued_inspection(visitor, an_application):
    """1. and 2., from the top page to the status page"""
    an_application("検査申請補正待ち", **CONTINUED)

    follows_the_manual_to_the_login(visitor)
    signs_in(visitor, CONTINUED["receipt_number"], "継続検査")


def test_login_for_a_new_vehicle(visitor, an_application):
    """4. 状況照会ログイン（新車〔新規検査・地方税申告〕手続）"""
    an_application("検査申請補正待ち", procedure="新車", **NEW)

    follows_the_manual_to_the_login(visitor)
    signs_in(visitor, NEW["receipt_number"], "新車")


def test_parts_1_to_3_for_continued_inspection(visitor, an_application):
    """3. ⑥ 手続進捗状況, 通知メッセージ, 現在の申請状況"""
    application = an_application("検査申請補正待ち", **CONTINUED)
    visitor.opens("/status/login/")
    signs_in(visitor, CONTINUED["receipt_number"], "継続検査")

    visitor.sees_in_order("済 1. 手続準備", "! 2. 軽自動車検査協会事務所等への手続", "未 3. 返付")
    visitor.sees_in_order("通知等があります", "詳細へ", "現在の申請状況")
    visitor.sees_in_order("現在の申請状況", "検査申請補正待ち", "状況更新日時：")
    assert visitor.rows()[:10] == [
        ("申請年月日", in_figures(application.applied_on)),
        ("受付番号", "2205 2510 3500 15151"),
        ("車両番号", "品川 - 580 - さ - 1234"),
        ("車台番号", "AX01-0000001"),
        ("申請者名", "軽自行政書士事務所"),
        ("使用者名", "軽自 太郎"),
        ("申請先軽自動車検査協会事務所等", "東京主管事務所"),
        ("記録等事務代行者委託番号", "KIROKU0001"),
        ("記録等事務代行者氏名又は名称", "指定整備事業者 品川A"),
        ("記録等事務代行利用可否", "利用不可"),
    ]


def test_parts_1_to_3_for_a_new_vehicle(visitor, an_application):
    """5. ⑥ 手続進捗状況, 通知メッセージ, 現在の申請状況"""
    application = an_application("検査申請補正待ち", procedure="新車", **NEW)
    visitor.opens("/status/login/")
    signs_in(visitor, NEW["receipt_number"], "新車")

    visitor.sees_in_order(
        "済 1. 手続準備",
        "! 2. 軽自動車検査協会事務所等への手続",
        "未 3. 軽自動車税申告窓口への手続",
        "未 4. 交付",
    )
    assert visitor.rows()[:9] == [
        ("申請年月日", in_figures(application.applied_on)),
        ("受付番号", "2112 2310 5000 30459"),
        ("車台番号", "1234567890"),
        ("申請者名", "六本木商事"),
        ("使用者名", "六本木商事"),
        ("使用者名（高水準）", "なし"),
        ("所有者名", "同上"),
        ("所有者名（高水準）", "なし"),
        ("申請先軽自動車検査協会事務所等", "東京主管事務所"),
    ]


def test_parts_4_and_5_for_continued_inspection(visitor, an_application):
    """3. 添付書類取得状況, 軽自動車検査協会事務所等審査状況"""
    an_application("検査申請補正待ち", **CONTINUED)
    visitor.opens("/status/login/")
    signs_in(visitor, CONTINUED["receipt_number"], "継続検査")

    visitor.sees_in_order("添付書類取得状況", "軽自動車検査協会事務所等審査状況", "納付情報")
    rows = visitor.rows()
    assert ("自動車損害賠償責任保険（共済）証明書", "未取得") in rows
    assert rows[rows.index(("自動車損害賠償責任保険（共済）証明書", "未取得")) + 1] == (
        "保安基準適合証",
        "未取得",
    )
    assert ("審査完了年月日", "なし") in rows


def test_parts_4_and_5_for_a_new_vehicle(visitor, an_application):
    """5. 添付書類取得状況, 軽自動車検査協会事務所等審査状況"""
    an_application("検査申請補正待ち", procedure="新車", not_needed=["plate_reservation"], **NEW)
    visitor.opens("/status/login/")
    signs_in(visitor, NEW["receipt_number"], "新車")

    rows = visitor.rows()
    start = rows.index(("完成検査終了証兼譲渡証明書", "未取得"))
    assert rows[start : start + 6] == [
        ("完成検査終了証兼譲渡証明書", "未取得"),
        ("自動車損害賠償責任保険（共済）証明書", "未取得"),
        ("希望番号予約済証", "不要"),
        ("一部書類審査", "実施不要（ALL電子）"),
        ("審査完了年月日", "なし"),
        ("車両番号", "なし"),
    ]


@pytest.mark.parametrize(("procedure", "fields"), [("継続検査", CONTINUED), ("新車", NEW)])
def test_part_6_shows_what_was_paid(visitor, an_application, procedure, fields):
    """3. and 5. 納付情報: one number for both fees, as drawn in the manual of 2022"""
    an_application(
        "検査申請審査中",
        procedure=procedure,
        now=datetime(2022, 6, 25, 15, 0, tzinfo=clock.JAPAN),
        **fields,
    )
    visitor.opens("/status/login/")
    signs_in(visitor, fields["receipt_number"], procedure)

    headings, body = visitor.table("納付情報の表")
    assert headings == PAYMENT_COLUMNS
    fee, technical = body
    assert len(fee[1].replace(" ", "")) == 20
    assert fee[3:10] == [
        "-",
        "検査手数料",
        "一般料金",
        "¥ 1,100",
        "軽自動車検査協会",
        "ｹｲｼﾞﾄﾞｳｼﾔｹﾝｻｷﾖｳｶｲ",
        "済",
    ]
    assert technical == [
        "技術情報管理手数料",
        "一般料金",
        "¥ 400",
        "自動車技術総合機構",
        "ｼﾞﾄﾞｳｼﾔｷﾞｼﾞﾕﾂｿｳｺﾞｳｷｺｳ",
    ]


def test_part_6_before_and_without_payment(visitor, an_application):
    """未納 … not paid yet; - … nothing to pay"""
    an_application("検査手数料等納付待ち", **CONTINUED)
    visitor.opens("/status/login/")
    signs_in(visitor, CONTINUED["receipt_number"], "継続検査")
    _, body = visitor.table("納付情報の表")
    assert body[0][9] == "未納"

    an_application("返付準備完了", weight_class="exempt", receipt_number="26010112345678904")
    visitor.opens("/status/login/")
    signs_in(visitor, "26010112345678904", "継続検査")
    _, body = visitor.table("納付情報の表")
    assert [row[9] for row in body if row[4:5] == ["自動車重量税"]] == ["-"]


def test_part_7_appears_before_a_number_was_taken(visitor, an_application):
    """3. 申請の取り下げが可能です（まとめ納付の場合）"""
    an_application("検査手数料等まとめ払い中", **CONTINUED)
    visitor.opens("/status/login/")
    signs_in(visitor, CONTINUED["receipt_number"], "継続検査")

    visitor.sees_in_order("納付情報", "申請の取り下げが可能です", "申請を取り下げる")


@pytest.mark.parametrize(
    ("status", "procedure"),
    [("返付準備完了", "継続検査"), ("交付準備完了", "新車"), ("検査申請補正待ち", "継続検査")],
)
def test_part_8_names_the_receiving_method(visitor, an_application, status, procedure):
    """3. and 5. 交付物の受け取りに関する情報"""
    fields = CONTINUED if procedure == "継続検査" else NEW
    an_application(status, procedure=procedure, **fields)
    visitor.opens("/status/login/")
    signs_in(visitor, fields["receipt_number"], procedure)

    visitor.sees_in_order(
        "交付物の受け取りに関する情報",
        "受取方法",
        "受取者認証兼受取車両個別申告用二次元コード",
        "受取者認証兼受取車両個別申告用二次元コードの発行",
    )
    works = visitor.can_press("受取者認証兼受取車両個別申告用二次元コードの発行")
    assert works is (status in ("返付準備完了", "交付準備完了"))


def test_parts_9_to_11_after_an_order_to_correct(visitor, an_application):
    """3. 期限等に関するお知らせ, 通知等情報, 補正指示が出ています"""
    application = an_application("検査申請補正待ち", days_ago=4, **CONTINUED)
    order = application.notices.get()
    visitor.opens("/status/login/")
    signs_in(visitor, CONTINUED["receipt_number"], "継続検査")

    visitor.sees_in_order(
        "期限等に関するお知らせ",
        "通知等情報",
        "補正指示が出ています",
        "申請を補正する",
        "申請を取り下げる",
        "終了",
    )
    rows = visitor.rows()
    assert rows[rows.index(("通知等情報", "補正")) :][:4] == [
        ("通知等情報", "補正"),
        ("行政機関等名", "軽自動車検査協会事務所等"),
        ("期限日", in_figures(order.deadline)),
        ("理由", order.reason),
    ]


def test_the_end_button_ends(visitor, an_application):
    """終了"""
    an_application("検査申請審査中", **CONTINUED)
    visitor.opens("/status/login/")
    signs_in(visitor, CONTINUED["receipt_number"], "継続検査")
    page = visitor.path

    visitor.presses("終了")
    visitor.opens(page)

    assert visitor.path == "/status/login/"


STATUSES = [
    ("検査手数料等納付待ち", "継続検査"),
    ("検査手数料等まとめ払い中", "継続検査"),
    ("自動車重量税納付待ち", "継続検査"),
    ("自動車重量税まとめ払い中", "新車"),
    ("軽自動車税納付待ち", "新車"),
    ("軽自動車税まとめ払い中", "新車"),
    ("交付準備完了", "新車"),
    ("返付準備完了", "継続検査"),
    ("検査申請補正待ち", "新車"),
    ("軽自動車税申告補正待ち", "新車"),
    ("検査申請取り下げ", "継続検査"),
    ("検査申請無効", "継続検査"),
    ("検査申請却下", "新車"),
    ("未受付", "継続検査"),
]


@pytest.mark.parametrize(("status", "procedure"), STATUSES)
def test_every_status_of_the_last_part_can_be_seen(visitor, an_application, status, procedure):
    """6. 申請状況の詳細"""
    application = an_application(status, procedure=procedure)
    visitor.opens("/status/login/")
    signs_in(visitor, application.receipt_number, procedure)

    visitor.sees_in_order("現在の申請状況", status, "状況更新日時：")


def in_figures(day: date):
    return f"{day.year}年 {day.month:02}月 {day.day:02}日"
