"""用語集: every word once, in its row, and every link to a word leads to one."""

import re
from collections import Counter

import pytest
from django.template import Context, Template
from django.utils import translation

from applications.apply.forms.account import ResumeForm
from applications.apply.forms.steps import ChassisForm, UserForm
from applications.status import Procedure
from koss.portal import glossary
from payments.batches.forms import TargetsForm
from tests.house.sources import templates

# What the manuals' glossary, or the manuals themselves, have under this word.
AT_LEAST = [
    "一部書類審査",
    "一括申請",
    "一括利用者ID",
    "一括利用者システム",
    "一般料金",
    "依頼者",
    "ALL電子申請",
    "確認番号",
    "画面申請",
    "記録等事務代行者",
    "記録等事務代行者委託番号",
    "軽自動車税環境性能割",
    "軽自動車税種別割",
    "検索キー",
    "個別納付",
    "高水準文字",
    "交付",
    "返付",
    "国庫金",
    "指定整備",
    "自賠責証明書",
    "収納機関番号",
    "受取者（証明書等管理業者）",
    "受付番号",
    "到達番号",
    "使用者の住所証明ファイル",
    "情報リンク方式",
    "申請用パスワード",
    "ダイレクト納付",
    "納付区分",
    "納付区別",
    "納付利用者ID",
    "ハイブリッド申請",
    "保安基準適合証",
    "補正",
    "まとめ納付",
    "まとめ納付管理ファイル",
    "技術情報管理手数料",
]


def unknown(text):
    """Anchors that ``{% term %}`` of a template names and 用語集 has not."""
    return [each for each in re.findall(r'{% term "(\w+)"', text) if each not in glossary.NAMES]


def repeated(terms):
    return [anchor for anchor, times in Counter(t.anchor for t in terms).items() if times > 1]


def test_it_has_every_word_of_the_manuals_once():
    names = [str(term.name) for term in glossary.TERMS]

    assert [word for word in AT_LEAST if names.count(word) != 1] == []
    assert repeated(glossary.TERMS) == []


def test_words_stand_in_the_order_of_their_readings():
    rows = glossary.rows()

    assert [kana for kana, _terms in rows] == sorted({kana for kana, _terms in rows})
    assert [glossary.row_of(each) for each in ("ぎじゅつ", "のうふ", "はいぶりっど", "ん")] == list(
        "かなはわ"
    )
    assert sum(len(terms) for _kana, terms in rows) == len(glossary.TERMS)


def test_every_link_to_a_word_leads_to_one():
    texts = [path.read_text() for path in templates()]

    assert [each for text in texts for each in unknown(text)] == []
    assert [
        each for term in glossary.TERMS for each in term.see if each not in glossary.NAMES
    ] == []
    assert any("{% term " in text for text in texts)


def test_planted_faults_are_found():
    assert unknown('{% term "no_such_word" x %}') == ["no_such_word"]
    assert repeated([*glossary.TERMS, glossary.TERMS[0]]) == ["partial_paper_review"]


@pytest.mark.parametrize("words", ["補正", "<b>"])
def test_a_screen_links_to_a_word(words):
    drawn = Template('{% term "correction" words %}').render(Context({"words": words}))

    assert drawn == '<a href="/glossary/#correction">' + words.replace("<b>", "&lt;b&gt;") + "</a>"


@pytest.mark.parametrize(
    ("language", "sign", "about"),
    [
        ("ja", "車体に打ち込まれた番号", "車台番号とは"),
        ("en", "stamped into its body", "Chassis number"),
    ],
)
def test_a_field_explains_its_word_in_place(language, sign, about):
    with translation.override(language):
        drawn = ChassisForm(procedure=Procedure.NEW_VEHICLE, answers={})[
            "chassis_number"
        ].as_field_group()

    assert "<details" in drawn
    assert sign in drawn
    assert about in drawn


def test_labels_of_another_name_are_explained_and_a_search_explains_nothing():
    assert (
        "表にない漢字"
        in UserForm(procedure=Procedure.NEW_VEHICLE, answers={})["user_name_full"].as_field_group()
    )
    assert "送る前の申請を示す番号" in ResumeForm()["number"].as_field_group()
    assert "<details" not in TargetsForm()["receipt_number"].as_field_group()
    assert glossary.explains("") is None


def test_a_label_is_explained_once():
    said = Counter(str(label) for term in glossary.TERMS for label in (*term.labels, term.name))

    assert [label for label, times in said.items() if times > 1] == []
