"""Names are found by any part, however they are typed, after any edit."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from applications.models import Application
from koss.apps import apps
from koss.ground import name_search, variants
from koss.ground.name_search import pairs_of
from tests.world import make

pytestmark = pytest.mark.databases


def found(*words):
    rows = Application.objects.all()
    for word in words:
        rows = rows.filter(names__finds=word)
    return {row.user_name for row in rows}


@pytest.fixture
def people(db):
    for name in ("神﨑　三郎", "ケイジ　サブロウ", "山田　花子", "髙橋　林", "株式会社六本木商事"):
        make("検査申請受付中", user_name=name, applicant_name=name, owner_name="")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("神\ufa19", None),
        ("\ufa19﨑", "神﨑　三郎"),
        ("神崎三郎", "神﨑　三郎"),
        ("ｹｲｼﾞ", "ケイジ　サブロウ"),
        ("ｹｲｼﾞ ｻﾌﾞﾛｳ", "ケイジ　サブロウ"),
        ("けいじさぶろう", "ケイジ　サブロウ"),
        ("山田花子", "山田　花子"),
        ("田花", "山田　花子"),
        ("花子山", None),
        ("高橋", "髙橋　林"),
        ("林", "髙橋　林"),
        ("㈱", "株式会社六本木商事"),
        ("本木商", "株式会社六本木商事"),
        ("商事株", None),
        ("太郎", None),
    ],
)
def test_a_name_in_every_spelling(people, typed, name):
    assert found(typed) == ({name} if name else set())


def test_words_may_stand_in_any_order(people):
    assert found("花子", "山田") == {"山田　花子"}
    assert found("花子", "三郎") == set()


@given(st.text(min_size=1, max_size=12), st.data())
def test_every_part_of_a_name_is_a_run_of_its_pairs(name, data):
    key = variants.key(name)
    start = data.draw(st.integers(0, len(key)))
    part = key[start : data.draw(st.integers(start, len(key)))]
    tokens = pairs_of([name]).split()
    wanted = name_search._pairs(part) or [part] * bool(part)

    assert not wanted or any(
        tokens[place : place + len(wanted)] == wanted for place in range(len(tokens))
    )


@given(st.text(max_size=20))
def test_both_sides_are_folded_the_same_way(text):
    assert variants.key(variants.key(text)) == variants.key(text)


def test_a_name_that_is_saved_alone_is_found(people):
    row = Application.objects.get(user_name="山田　花子")
    row.user_name, row.applicant_name = "佐藤　一郎", "佐藤　一郎"
    row.save(update_fields=["user_name", "applicant_name"])

    assert found("佐藤") == {"佐藤　一郎"}
    assert found("山田") == set()


def test_a_name_is_never_written_behind_the_key(people):
    with pytest.raises(TypeError, match="user_name"):
        Application.objects.update(user_name="佐藤")


def test_rows_of_before_are_filled(people):
    Application.objects.update(names="")
    assert found("山田") == set()

    name_search.fill(Application, using="default", chunk=2)

    assert found("山田") == {"山田　花子"}


@pytest.mark.sqlite
def test_triggers_that_a_migration_dropped_come_back(people):
    with connection.cursor() as cursor:
        for name in ("add", "drop", "change"):
            cursor.execute(f"DROP TRIGGER applications_application_names_{name}")
    row = Application.objects.get(user_name="山田　花子")
    row.user_name = row.applicant_name = "佐藤　一郎"
    row.save()
    assert found("佐藤") == set()

    name_search.ensure(apps.get_app_config("applications"), "default")

    assert found("佐藤") == {"佐藤　一郎"}
    assert found("山田") == set()


def test_an_index_is_used(people):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Application.objects.filter(names__finds="山田").order_by().explain()

    assert "applications_application_names" in plan or "VIRTUAL TABLE" in plan
