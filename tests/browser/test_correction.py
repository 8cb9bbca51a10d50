"""申請の補正 with a new file, on a phone: from the menu to review again."""

import pytest

from applications.demo.journeys import PASSWORD
from tests.apply.hostile import picture
from tests.browser.axe import violations
from tests.browser.person import PHONE, ByFinger
from tests.browser.portal import FOR_ITS_FILE

pytestmark = pytest.mark.browser


def test_correcting_a_name_and_a_file(a_person, portal):
    person = a_person(ByFinger, viewport=PHONE, has_touch=True, is_mobile=True)
    account = portal.use_up("検査申請補正待ち", "新車", shows=FOR_ITS_FILE)

    def sees(*words):
        person.sees_in_order(*words)
        assert person.sideways() == []
        assert violations(person.page) == []

    person.opens("/bulk/")
    person.presses("申請の補正")
    person.fills("受付番号（到達番号）", account.receipt_number)
    person.presses("次へ")
    person.fills("申請用パスワード", PASSWORD)
    person.presses("ログイン")
    sees("申請の補正 新車", "補正指示が出ています", "使用者名", "いま提出されているファイル")
    person.fills("使用者名", "六本木商店")
    file = {"name": "証明書.jpg", "mimeType": "image/jpeg", "buffer": picture(600, 800)}
    person.page.set_input_files("[type=file]", file)
    person.presses("補正内容を確認する")
    sees("補正内容の確認", "六本木商", "変更あり", "証明書.jpg", "追加")
    person.presses("補正を申請する")
    sees("補正を申請しました", "検査申請審査中")
