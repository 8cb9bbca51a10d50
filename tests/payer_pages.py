"""The ways of payment users from 納付メニュー to its pages: (name, way, fields of its kind).

For tests/every_page.py: KNAB1234 is signed in, and an application waits where a status is named.
"""

import re

from applications.models import PaymentMethod
from tests.signing_in import signs_in_to_my_page
from tests.ways import html_of, presses, selects, stay


def below_direct(path):
    return lambda person: person.opens(person.path.replace("menu/", f"direct/{path}"))


def searches_directly(person):
    person.presses("ダイレクト納付対象・情報選択")
    person.presses("検索")


def checks_a_debit(person):
    searches_directly(person)
    person.presses("条件に合うものをすべて選ぶ")
    person.presses("選択内容を確認する")


def searches_targets(person):
    person.presses("まとめ納付対象選択")
    person.presses("検索")


def checks_targets(person):
    searches_targets(person)
    person.presses("条件に合うものをすべて選ぶ")
    person.presses("選択内容を確認する")


def takes_a_number(person):
    """For a weight tax, whose status page stays the same."""
    searches_targets(person)
    box = re.search(r'data-koss-kind="weight_tax"[^<]*<span[^>]*>([^<]*)<', html_of(person))
    person.ticks(box[1])
    person.presses("選択内容を確認する")
    person.presses("納付番号取得")


def mistypes(label, value, *words):
    def way(person):
        presses(*words)(person)
        person.fills(label, value)
        person.presses("検索")

    return way


def searches_batches(person):
    person.presses("まとめ納付情報選択")
    person.presses("検索")


def opens_of_a_batch(path, kind="fees"):
    """The page ``path`` of the first unpaid batch of this kind."""

    def way(person):
        person.presses("まとめ納付情報選択")
        searches_batches_of(person, kind)
        page = re.search(r'href="(/payment/[^/"]+/batches/[0-9a-f]{32}/)"', html_of(person))[1]
        person.opens(page + path)

    return way


def searches_batches_of(person, kind):
    for name, value in (("税・手数料種別", kind), ("まとめ納付状況", "unpaid")):
        selects(person, name, value)
    person.presses("検索")


def withdraws_a_batch(person):
    opens_of_a_batch("withdrawal/")(person)
    person.presses("OK")


def pays_a_batch(person):
    searches_batches(person)
    person.presses("納付")


def lists(person):
    signs_in_to_my_page(person)
    person.presses("申請一覧")


def opens_the_conditions(person):
    """A browser shows the fields only then."""
    if not hasattr(person, "html"):
        person.page.locator("details.koss-filter > summary").click()


def lists_the_urgent(person):
    lists(person)
    opens_the_conditions(person)
    selects(person, "期限日", "30")
    person.presses("この条件で絞り込む")


def lists_nothing(person, words="銀座"):
    lists(person)
    opens_the_conditions(person)
    person.fills("番号・名前で探す", words)
    person.presses("この条件で絞り込む")


def lists_with_an_error(person):
    lists_nothing(person, "A" * 101)


_FEES = {"status": "検査手数料等まとめ払い中"}
_WEIGHT_TAX = {"status": "自動車重量税まとめ払い中"}
_NUMBERED = {"fields": {"numbered": True}}
_DIRECTLY = {"fields": {"payment_method": PaymentMethod.DIRECT}}
_ORDERED = {"fields": {"payment_method": PaymentMethod.DIRECT, "numbered": True}}
WAYS = [
    ("payment menu", stay, _FEES),
    ("targets: search", presses("まとめ納付対象選択"), {}),
    ("targets: search with an error", mistypes("受付番号", "１２３", "まとめ納付対象選択"), {}),
    ("targets: list", searches_targets, _FEES),
    ("targets: check", checks_targets, _WEIGHT_TAX),
    ("targets: taken", takes_a_number, _WEIGHT_TAX),
    ("batches: search", presses("まとめ納付情報選択"), {}),
    ("batches: search with an error", mistypes("納付番号", "１２３", "まとめ納付情報選択"), {}),
    ("batches: list", searches_batches, _FEES | _NUMBERED),
    ("batches: detail", opens_of_a_batch(""), _FEES | _NUMBERED),
    ("batches: withdrawal", opens_of_a_batch("withdrawal/"), _FEES | _NUMBERED),
    ("batches: withdrawn", withdraws_a_batch, _FEES | _NUMBERED),
    (
        "batches: no withdrawal",
        opens_of_a_batch("withdrawal/", "weight_tax"),
        _WEIGHT_TAX | _NUMBERED | {"code": 409},
    ),
    ("paying a batch", pays_a_batch, _FEES | _NUMBERED),
    ("direct: search", below_direct(""), {}),
    ("direct: list", searches_directly, _FEES | _DIRECTLY),
    ("direct: check", checks_a_debit, _FEES | _DIRECTLY),
    ("applications", lists, _FEES),
    ("applications: urgent", lists_the_urgent, _FEES),
    ("applications: nothing found", lists_nothing, _FEES),
    ("applications: search with an error", lists_with_an_error, _FEES),
    ("direct: orders", below_direct("orders/"), _FEES | _ORDERED),
]
