"""Making an application on screen as a person does, page by page, by the words on the screen."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile

PASSWORD = "shinsei-2024"
EMAIL = "keiji@gyosei.example"
# Step by step: what is typed or chosen, as (what, label, value).
_SAME = [
    [("fill", "使用者の郵便番号", "140-0002"), ("fill", "使用者の住所", "東京都品川区東品川1-1-1")],
]
_CONTINUED = {
    "plate": [("fill", "車両番号", "品川580さ1234"), ("choose", "自家用")],
    "chassis": [("fill", "車台番号", "ＡＸ０１－００００００１")],
    "papers": [],
    "files": [],
    "applicant": [("choose", "使用者本人"), ("fill", "申請者名", "軽自　太郎")],
    "user": [("fill", "使用者名", "軽自　太郎")],
    "address": _SAME[0],
    "base": [("choose", "使用者の住所と同じ")],
    "office": [("choose", "東京主管事務所")],
    "weight": [("choose", "通常（¥ 6,600）")],
    "earlier": [("choose", "引き継がない（初めての申請）")],
    "payment": [("choose", "個別納付")],
    "receiving": [("choose", "自分で受け取る（車両ごとの二次元コード）")],
}
_NEW = {
    "use": [("choose", "自家用")],
    "chassis": [("fill", "車台番号", "LA100S-0001234")],
    "model": [("fill", "型式指定番号", "12345"), ("fill", "類別区分番号", "0001")],
    "papers": [],
    "files": [],
    "applicant": [("choose", "使用者本人"), ("fill", "申請者名", "軽自　太郎")],
    "user": [("fill", "使用者名", "軽自　太郎")],
    "owner": [("choose", "使用者と同じ（同上）")],
    "address": _SAME[0],
    "proof": [],
    "base": [("choose", "使用者の住所と同じ")],
    "office": [("choose", "東京主管事務所")],
    "weight": [("choose", "通常（¥ 9,900）")],
    "earlier": [("choose", "引き継がない（初めての申請）")],
    "payment": [("choose", "個別納付")],
    "receiving": [("choose", "自分で受け取る（車両ごとの二次元コード）")],
}
STEPS = {"継続検査": _CONTINUED, "新車": _NEW}


def begins(visitor, procedure="継続検査"):
    """The first page; afterwards the task list is open."""
    visitor.opens("/apply/")
    visitor.chooses(procedure)
    visitor.fills("申請用パスワード", PASSWORD)
    visitor.fills("申請用パスワード（確認用）", PASSWORD)
    visitor.fills("メールアドレス", EMAIL)
    visitor.presses("次へ")
    visitor.sees("手続準備番号")


def answers(visitor, procedure="継続検査", **instead):
    """Every step from the first on; ``instead``: other answers for some, None
    for one that is answered. Then 確認 is open."""
    home = visitor.path
    for step, typed in (STEPS[procedure] | instead).items():
        if typed is None:
            continue
        if f"/step/{step}/" not in visitor.path:
            visitor.opens(f"{home}step/{step}/")
        for what, *how in typed:
            {"fill": visitor.fills, "choose": visitor.chooses, "tick": visitor.ticks}[what](*how)
        visitor.presses("保存して次へ")
    assert visitor.path.endswith("/check/"), visitor.page.text


def content_of(visitor):
    """The canonical text, as a signer downloads it."""
    return visitor.client.get(re.sub(r"/[a-z]+/$", "/text/", visitor.path)).content


def version_of(visitor):
    """Of the draft from which the page was drawn."""
    return re.search(r'name="version" value="(\d+)"', visitor.html)[1]


def sends(visitor, cms):
    """Upload the signature ``cms`` (bytes) on the page 署名と送信."""
    file = SimpleUploadedFile("application.p7s", cms)
    sent = {"version": version_of(visitor), "signature": file}
    posts(visitor, visitor.path, sent)


def posts(visitor, page, facts):
    """Send ``facts``, a file among them, to ``page`` and be where that leads."""
    visitor._arrive(visitor.client.post(page, facts, follow=True), page)
