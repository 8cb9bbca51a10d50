"""The ways to the pages of 申請を行う: (name, way, code of the response).

For tests/every_page.py.
"""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.apply import walk
from tests.ways import opens, presses, selects

_SAVE = "保存して次へ"
_CONTINUED = "継続検査"
_OF_SEVERAL_TOWNS = "498-0000"
_ADDRESS_FILE = "/apply/address-file/"


def _begins(procedure=_CONTINUED):
    return lambda person: walk.begins(person, procedure)


def _step(name, *words, procedure=_CONTINUED):
    """The page of one step, after ``words`` were pressed on it."""

    def way(person):
        walk.begins(person, procedure)
        person.opens(f"{person.path}step/{name}/")
        presses(*words)(person)

    return way


def _finds_towns(person):
    _step("address")(person)
    person.fills("使用者の郵便番号", _OF_SEVERAL_TOWNS)
    person.presses("郵便番号から住所を入力する")
    person.sees("複数の住所")


def _sees_offices(person):
    _step("office")(person)
    selects(person, "事務所等のある都道府県", "千葉県")
    person.presses("この都道府県の事務所等を表示する")
    person.sees("野田")


def _asks_about_an_earlier_number(person):
    _step("earlier")(person)
    person.chooses("引き継ぐ")
    person.fills("以前の受付番号", "21122310500030459")
    person.presses("手数料を引き継げるか確かめる")
    person.sees("車台番号を入力したあとに")


def _sees_the_receivers_name(person):
    _step("receiving")(person)
    person.chooses("登録した受取者（証明書等管理業者）が受け取る")
    person.presses("保存して一覧へ")
    person.sees("受取者")
    person.opens(f"{person.path}step/receiver/")
    person.fills("受取者名（証明書等管理業者名）", "軽自　太郎")
    person.presses("一文字ずつ確かめる")
    person.sees("次の5文字")


def _prefills(*words):
    def way(person):
        walk.begins(person)
        presses("自動車検査証から読み取って入力する", *words)(person)

    return way


def _answers(*words):
    def way(person):
        walk.begins(person)
        walk.answers(person)
        presses(*words)(person)

    return way


def _is_refused(person):
    """Signed by nothing at all."""
    _answers("署名に進む")(person)
    walk.sends(person, b"x")


def _is_late(person):
    _step("user")(person)
    walk.posts(person, person.path, {"version": "7", "user_name": "軽自　太郎"})


def _hands_in_a_wrong_file(person):
    _step("files")(person)
    sent = {"kind": "liability_insurance", "file": SimpleUploadedFile("a.pdf", b"MZ"), "add": "1"}
    walk.posts(person, person.path, sent)


def _signs_an_address(person):
    person.opens(_ADDRESS_FILE)
    person.fills("使用者名", "軽自　太郎")
    person.fills("使用者の郵便番号", "140-0002")
    person.fills("使用者の住所", "東京都品川区東品川1-1-1")
    person.presses("次へ")
    person.sees("証明する内容")


def _does(page, *words):
    def way(person):
        person.opens(page)
        presses(*words)(person)

    return way


WAYS = [
    ("apply", opens("/apply/"), 200),
    ("apply with errors", _does("/apply/", "次へ"), 200),
    ("apply: resume", opens("/apply/resume/"), 200),
    ("apply: resume with errors", _does("/apply/resume/", "続きを入力する"), 200),
    ("apply: tasks", _begins(), 200),
    ("apply: tasks of a new vehicle", _begins("新車"), 200),
    ("apply: prefill", _prefills(), 200),
    ("apply: prefill with an error", _prefills("読み取る"), 200),
    ("apply: plate", _step("plate"), 200),
    ("apply: plate with errors", _step("plate", _SAVE), 200),
    ("apply: papers", _step("papers"), 200),
    ("apply: files", _step("files"), 200),
    ("apply: files with an error", _hands_in_a_wrong_file, 200),
    ("apply: owner", _step("owner", procedure="新車"), 200),
    ("apply: towns", _finds_towns, 200),
    ("apply: address proof", _step("proof", procedure="新車"), 200),
    ("apply: no place yet", _step("office", _SAVE), 200),
    ("apply: offices", _sees_offices, 200),
    ("apply: weight tax", _step("weight"), 200),
    ("apply: earlier number", _asks_about_an_earlier_number, 200),
    ("apply: receiver", _sees_the_receivers_name, 200),
    ("apply: late", _is_late, 409),
    ("apply: check", _answers(), 200),
    ("apply: sign", _answers("署名に進む"), 200),
    ("apply: sign with an error", _answers("署名に進む", "署名して申請を送信する"), 200),
    ("apply: receipt", _is_refused, 200),
    ("address file", opens(_ADDRESS_FILE), 200),
    ("address file with errors", _does(_ADDRESS_FILE, "次へ"), 200),
    ("address file: sign", _signs_an_address, 200),
]
