"""まとめ納付管理ファイルの取得手順, step by step, by the words on the screen."""

import json
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest

from koss.ground import clock
from payments.demo import payers
from payments.models import AccountKind

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "Atarashii-2026"


@pytest.fixture(autouse=True)
def payment_user():
    """KNAB1234 with KIAB1234 and KKAA0001, as the manual shows them."""
    user = payers.payment_user(bulk_id=payers.BULK_ID)
    payers.account(AccountKind.NATIONAL, now=clock.now())
    return user


def reaches_the_login(visitor):
    visitor.opens("/")
    visitor.sees("事前の準備が整った方")
    visitor.sees_in_order("画面申請の方", "利用者情報の確認・変更を行う")
    visitor.presses("利用者情報の確認・変更を行う")


def reaches_my_page(visitor):
    reaches_the_login(visitor)
    visitor.fills("納付利用者ID", "KNAB1234")
    visitor.fills("納付利用者パスワード", payers.PASSWORD)
    visitor.presses("ログイン")


def test_1_the_login_page(visitor):
    reaches_the_login(visitor)

    visitor.sees_in_order(
        "マイページログイン",
        "納付利用者ID",
        "必須",
        "納付利用者パスワード",
        "必須",
        "パスワード変更",
        "パスワード初期化",
        "ログイン",
        "終了",
    )
    assert "パスワード表示" in visitor.html  # shown where scripts run


def test_2_my_page(visitor):
    reaches_my_page(visitor)

    visitor.sees_in_order(
        "マイページ",
        "メニュー",
        "利用者情報変更",
        "一括利用者パスワード初期化",
        "国庫金ダイレクト納付口座新規作成",
        "地方税ダイレクト納付口座新規作成",
        "ダウンロード",
        "まとめ納付管理ファイル",
        "利用者情報",
        "国庫金ダイレクト納付口座情報",
        "最新の情報に更新",
        "終了",
    )
    names = [
        "納付利用者ID",
        "一括利用者ID",
        "氏名（フリガナ）",
        "氏名",
        "利用者管理用メールアドレス",
        "申請状況通知用メールアドレス",
        "利用者情報更新日時",
    ]
    rows = visitor.rows()
    assert [name for name, _value in rows] == names
    assert [value for _name, value in rows][:4] == [
        "KNAB1234",
        "KIAB1234",
        "ケイジ タロウ",
        "軽自 太郎",
    ]
    assert re.fullmatch(r"\d{4}年 \d\d月 \d\d日 \d\d時 \d\d分", rows[-1][1])
    headings, [row] = visitor.table("国庫金ダイレクト納付口座情報")
    assert headings[:5] == [
        "口座ID",
        "口座名義（フリガナ）",
        "金融機関名",
        "本支店名",
        "口座情報",
    ]
    assert row[:4] == ["KKAA0001", "ケイジギヨウセイシヨシジムシヨ", "東京三葉銀行", "中央支店"]
    assert row[4] == "詳細"
    visitor.presses("最新の情報に更新")
    visitor.sees("KNAB1234")
    visitor.presses("詳細")
    visitor.sees("口座情報詳細", "KKAA0001")


def test_3_the_batch_payment_file(visitor):
    reaches_my_page(visitor)
    visitor.presses("まとめ納付管理ファイル")

    disposition = unquote(visitor.response["Content-Disposition"])
    assert disposition.startswith("attachment")
    assert "まとめ納付管理ファイル_軽自動車OSS用" in disposition
    assert json.loads(visitor.response.content)["payment_user_id"] == "KNAB1234"


def test_4_a_new_password(visitor):
    reaches_the_login(visitor)
    visitor.presses("パスワード変更")
    visitor.sees_in_order(
        "パスワード変更",
        "納付利用者ID",
        "必須",
        "現在のパスワード",
        "必須",
        "新しいパスワード",
        "必須",
        "新しいパスワード（確認用）",
        "必須",
        "変更",
        "終了",
    )
    assert "パスワード表示" in visitor.html
    visitor.fills("納付利用者ID", "KNAB1234")
    visitor.fills("現在のパスワード", payers.PASSWORD)
    visitor.fills("新しいパスワード", NEW_PASSWORD)
    visitor.fills("新しいパスワード（確認用）", NEW_PASSWORD)
    visitor.presses("変更")

    visitor.sees_in_order("パスワード変更結果通知", "変更しました", "ログインへ戻る")
    visitor.presses("ログインへ戻る")
    visitor.sees("マイページログイン")
    visitor.fills("納付利用者ID", "KNAB1234")
    visitor.fills("納付利用者パスワード", NEW_PASSWORD)
    visitor.presses("ログイン")
    visitor.sees("利用者情報更新日時")


def test_an_expired_password_leads_to_the_change_by_itself(visitor, payment_user):
    payment_user.password_set_at -= timedelta(days=60)
    payment_user.save()
    reaches_my_page(visitor)

    visitor.sees("パスワード変更", "60日の有効期間を過ぎています")
    assert visitor.field("納付利用者ID")["value"] == "KNAB1234"
    visitor.fills("現在のパスワード", payers.PASSWORD)
    visitor.fills("新しいパスワード", NEW_PASSWORD)
    visitor.fills("新しいパスワード（確認用）", NEW_PASSWORD)
    visitor.presses("変更")
    visitor.presses("ログインへ戻る")
    visitor.sees("マイページログイン")


def test_end(visitor):
    reaches_my_page(visitor)
    page = visitor.path
    visitor.presses("終了")
    assert visitor.path == "/"

    visitor.opens(page)
    visitor.sees("マイページログイン")
