"""CSV files on マイページ: as Excel writes them, looked at, signed, and only then sent."""

import csv
import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application, ItemState, Submission
from koss.bulk import columns, forms, sets
from payments.demo import payers
from tests.api.csv_files import a_file
from tests.practice import signed
from tests.signing_in import signs_in_to_my_page

pytestmark = [
    pytest.mark.databases,
    pytest.mark.django_db,
    pytest.mark.usefixtures("practice", "bank"),
    # The addresses of demo mode, in which practice certificates are believed.
    pytest.mark.urls("tests.edges.test_demo_pages"),
]


def hands_in(visitor, content, page=""):
    page = page or visitor.path
    sent = {"file": SimpleUploadedFile("a.csv", content)}
    answer = visitor.client.post(page, sent, follow=True)
    visitor._arrive(answer, page)


@pytest.fixture
def page(visitor):
    payers.payment_user(bulk_id=payers.BULK_ID)
    signs_in_to_my_page(visitor)
    visitor.presses("CSVファイルで一括申請する")
    return visitor.path


def test_a_file_is_looked_at_signed_and_sent(visitor, page):
    hands_in(
        visitor,
        a_file(
            {"reference": "C-1"}, {"reference": "C-2", "user_name": "山田 ―～"}, encoding="cp932"
        ),
    )
    visitor.sees("誤りはありません。", "C-1", "C-2")
    assert not Submission.objects.exists()
    sealed = re.search(r'name="sealed" value="([^"]+)"', visitor.html)[1]
    assert "shinsei-2024" not in visitor.html

    texts = visitor.client.post(f"{page}texts/", {"sealed": sealed}).content
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(texts)) as archive, zipfile.ZipFile(packed, "w") as signatures:
        assert archive.namelist() == ["C-1.txt", "C-2.txt"]
        assert "―\u301c" in archive.read("C-2.txt").decode()
        for name in archive.namelist():
            signatures.writestr(f"signed/{name}.p7s", signed(archive.read(name)))

    def sends(content):
        file = SimpleUploadedFile("a.zip", content)
        answer = visitor.client.post(
            f"{page}send/", {"sealed": sealed, "signatures": file}, follow=True
        )
        visitor._arrive(answer, f"{page}send/")

    sends(b"no zip")
    visitor.sees("ZIPファイルを選んでください。")
    sends(texts)
    visitor.sees("署名のファイルが足りません（整理番号：C-1、C-2）。")
    assert not Submission.objects.exists()
    sends(packed.getvalue())
    visitor.sees("申請を順に処理しています。")
    submission = Submission.objects.get()
    sets.work(submission)
    assert sets.counts(submission)[ItemState.TAKEN_IN] == Application.objects.count() == 2
    visitor.opens(f"{page}{submission.number}/")
    visitor.sees("すべての申請を処理しました。", "受付")
    sends(packed.getvalue())
    visitor.sees("この整理番号の申請は、すでにあります")


def test_faults_stand_in_their_lines_and_in_a_file(visitor, page):
    rows = [
        {"reference": "D-1"},
        {"reference": "D 2", "plate": "", "office": "どこか", "password": ""},
        {"reference": "D-1", "email": "nobody"},
    ]
    hands_in(visitor, b"\xef\xbb\xbf" + a_file(*rows))

    visitor.sees("2件の申請に誤りがあります。", "車両番号を入力してください。")
    assert not visitor.can_press("申請を送る")
    sealed = re.search(r'name="sealed" value="([^"]+)"', visitor.html)[1]
    written = visitor.client.post(f"{page}faults/", {"sealed": sealed}).content
    lines = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert lines[0] == ["行", "整理番号", "項目", "誤りの内容"]
    assert ["3", "D 2", "車両番号", "車両番号を入力してください。"] in lines
    assert {line[0] for line in lines[1:]} == {"3", "4"}
    # The file has no column for typing the password twice, and no fault of one.
    assert [line[2] for line in lines if "パスワード" in line[3]] == ["申請用パスワード"]
    answer = visitor.client.post(f"{page}send/", {"sealed": sealed})
    assert "2件の申請に誤りがあります。" in answer.text
    for forged in ("", "x", sealed[:-2] + ("00" if sealed[-2:] != "00" else "11")):
        assert visitor.client.post(f"{page}send/", {"sealed": forged}).status_code == 404
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ファイルが空です。"),
        (b"\x81", "文字コードが分かりません。"),
        ("整理番号,手続種別,まちがい\n".encode(), "ひな形にない名前があります：まちがい"),
        ("整理番号,整理番号,手続種別\n".encode(), "同じ見出しが二つあります。"),
        ("整理番号\n".encode(), "なければならない名前がありません：手続種別"),
        ("整理番号,手続種別\n".encode(), "申請の行がありません。"),
        ('整理番号,手続種別\n"A'.encode(), "引用符の組を確かめてください。"),
        (b"x" * (columns.LARGEST + 1), "512キロバイト以下のファイル"),
        ("整理番号,手続種別\n".encode() + b"A,B\n" * 101, "100件までです。"),
    ],
    ids=range(9),
)
def test_what_is_no_such_file_is_refused(visitor, page, content, said):
    if not content:
        visitor.presses("内容を確認する")
        visitor.sees("CSVファイルを選んでください。")
    hands_in(visitor, content)
    visitor.sees(said)


def test_the_template_is_taken_back_as_it_is(visitor, page):
    content = visitor.client.get(f"{page}template/").content
    with pytest.raises(columns.NotAFile, match="申請の行がありません"):
        columns.read(content)
    rows = columns.read(content + b'A-1,="x"\r\n')
    assert rows == [{"reference": "A-1", "procedure": "x"}]


def test_what_is_sealed_opens_as_it_was():
    assert forms.opened(forms.seal([{"reference": "E-1"}])) == [{"reference": "E-1"}]


def test_who_has_no_bulk_id_finds_nothing(visitor):
    payers.payment_user()
    home = signs_in_to_my_page(visitor)
    assert not visitor.can_press("CSVファイルで一括申請する")
    assert visitor.client.get(f"{home}sets/").status_code == 404
