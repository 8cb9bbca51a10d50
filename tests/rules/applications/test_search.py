"""Staff find an application by whatever they have at hand."""

import pytest

from applications.models import Application
from applications.staff import search

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
NUMBER = "21122310500030459"


@pytest.fixture
def wanted(an_application):
    an_application("検査申請受付中", "新車", user_name="六本木商事")
    return an_application(
        "検査申請審査中",
        receipt_number=NUMBER,
        chassis_number="AX01-0000077",
        plate="品川 - 580 - さ - 77",
        user_name="品川　花子",
        applicant_name="ＡＢＣ商会",
    )


def found(typed):
    return list(search.find(Application.objects.all(), typed))


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        "2112 2310 5000 30459",
        "2112-2310-5000-30459",
        "２１１２　２３１０　５０００　３０４５９",
        " 2112ー2310ー5000ー30459 ",
        "211223",
        "AX01-0000077",
        "ax010000077",
        "ＡＸ０１－００００ ０７７",
        "品川580さ77",
        "品川 - 580 - さ - 77",
        "花子",
        "花子 品川",
        "ABC",
        "ＡＢＣ商会",
    ],
)
def test_one_application_in_every_spelling(wanted, typed):
    assert found(typed) == [wanted]


@pytest.mark.parametrize(
    "typed", ["21122310500030458", "AX01-0000078", "品川580さ78", "太郎", "9" * 4096, "\x00x"]
)
def test_nothing_else_is_found(wanted, typed):
    assert found(typed) == []


@pytest.mark.parametrize("typed", [NUMBER, "211223", "AX010000077"])
@pytest.mark.sqlite
def test_numbers_are_found_through_an_index(typed):
    plan = search.find(Application.objects.order_by(), typed).explain()

    assert "SCAN" not in plan.replace("MULTI-INDEX OR", "")


def test_numbers_are_compared_as_they_are(django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        found(NUMBER)

    assert "UPPER" not in queries[0]["sql"]
    assert "LIKE" not in queries[0]["sql"]
