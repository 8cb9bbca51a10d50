"""Every kind of page and the way to it, for tests that hold of all pages.

A kind is walked by a person: a ``tests.visitor.Visitor`` or a ``tests.browser.person.Person``.
The test first lets the person sign in as the kind says.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from applications.status import Procedure, Status
from koss.ground import clock
from koss.portal import pages
from payments.demo import payers
from tests import apply_pages, money_pages, payer_pages, user_pages
from tests.signing_in import signs_in, signs_in_to_pay
from tests.ways import opens, opens_below, presses, stay

UNKNOWN_NUMBER = "99123112345678905"
LIST = "/admin/applications/application/"


@dataclass(frozen=True)
class Kind:
    """One kind of page.

    ``status`` and ``procedure``: the applicant of such an application is signed in and sees its
    status page. ``role``: such a member of staff is signed in; then ``status`` is that of the
    application whose page in the admin is open. ``payer``: the payment user of the manuals is
    signed in at 納付ログイン; ``status`` and ``fields`` are those of an application to pay for.
    ``way``: from there to the page. ``code``: of its response.
    """

    name: str
    way: Callable = stay
    status: str = ""
    procedure: str = "継続検査"
    role: str = ""
    code: int = 200
    payer: bool = False
    fields: dict = field(default_factory=dict, hash=False)

    def __str__(self):
        return self.name


def begins(visitor, kind, an_application):
    """Let ``visitor`` be where the way of ``kind`` begins; staff are signed in already."""
    if kind.payer:
        payers.make(clock.now())
    if kind.status:
        application = an_application(kind.status, kind.procedure, **kind.fields)
        if kind.role:
            visitor.opens(f"{LIST}{application.pk}/change/")
        elif not kind.payer:
            signs_in(visitor, application)
    if kind.payer:
        signs_in_to_pay(visitor)


def types_no_number(person):
    person.opens("/status/login/")
    person.fills("受付番号（到達番号）", "１２３４")
    person.presses("次へ")


def types_a_number(person):
    person.opens("/status/login/")
    person.fills("受付番号（到達番号）", UNKNOWN_NUMBER)
    person.presses("次へ")


def types_a_wrong_password(person):
    types_a_number(person)
    person.fills("申請用パスワード", "wrong")
    person.presses("ログイン")


def opens_correction(person):
    person.opens(person.path + "correction/")


def empties_a_field(person):
    opens_correction(person)
    person.fills("使用者名", "")
    person.presses("補正内容を確認する")


def reviews_a_correction(person):
    opens_correction(person)
    person.fills("使用者名", "軽自　次郎")
    person.presses("補正内容を確認する")


def fills_in_a_code(person, name="軽自商事"):
    person.opens("/codes/issue/")
    person.chooses("受取者（証明書等管理業者）新規登録用")
    person.fills("受取者名（証明書等管理業者名）（全角）", name)
    person.fills("パスワード（受取者用パスワード）", "uketori-2024")
    person.fills("パスワード（受取者用パスワード）（確認用）", "uketori-2024")
    person.presses("二次元コードを発行する")


def types_a_narrow_name(person):
    fills_in_a_code(person, "Keiji Co.")


def warns_of_the_change(person):
    person.opens("/codes/vehicle/" + person.path.split("/")[2] + "/issue/")


def issues_for_a_vehicle(person):
    warns_of_the_change(person)
    person.presses("OK")


def chooses_a_bank(person):
    person.presses("納付")
    person.chooses("東京三葉銀行")
    person.presses("次へ")


def comes_back(person):
    person.presses("納付")
    person.opens(f"{person.path}return/")


def key_of(person):
    """The lookup key that stands on the page."""
    text = getattr(person, "text", None) or person.page.text
    return re.search(r"検索キー\s*(K?\d{3,4}(?: \d{4}){3})", text)[1]


def reads(person, key):
    person.opens("/admin/counter/")
    person.fills("二次元コードまたは検索キー", key)
    person.presses("確認する")


def reads_a_new_receiver(person):
    fills_in_a_code(person)
    reads(person, key_of(person))


def registers_without_a_look(person):
    reads_a_new_receiver(person)
    person.presses("受取者を登録する")


def opens_move(name):
    return lambda person: person.opens(person.path.removesuffix("change/") + f"move/{name}/")


def rejects_without_reason(person):
    person.presses("却下する")
    person.presses("却下する")


def weight_tax_of(first_inspection):
    answers = {
        "first_inspection": first_inspection,
        "inspected_on": clock.today().isoformat(),
        "weight_class": "normal",
    }
    return f"/weight-tax/?{urlencode(answers)}"


PUBLIC = [
    Kind("top page", opens("/")),
    Kind("screen applications", opens("/screen/")),
    Kind("bulk applications", opens("/bulk/")),
    Kind("guide of the bulk interface", opens("/api/")),
    Kind("reference of the bulk interface", opens("/api/reference/")),
    Kind("warning of the idle end", opens("/idle/?back=/")),
    *(Kind(f"page: {page.name}", opens("/" + page.path)) for page in pages.PAGES),
    Kind("weight tax", opens(weight_tax_of("2014-05"))),
    Kind("weight tax with errors", opens(weight_tax_of("soon"))),
    Kind("payment choice", opens("/payment/")),
    Kind("news", opens("/news/")),
    Kind("search", opens(f"/search/?{urlencode({'q': 'しゃけんの費用'})}")),
    Kind("search with an error", opens("/search/?q=")),
    Kind("search without a result", opens("/search/?q=zzzzz")),
    Kind("no such page", opens("/no-such-page/"), code=404),
    Kind("login", opens("/status/login/")),
    Kind("login with an error", types_no_number),
    Kind("password", types_a_number),
    Kind("wrong password", types_a_wrong_password),
    Kind("issuing a code", opens("/codes/issue/")),
    Kind("issuing a code with an error", types_a_narrow_name),
    Kind("code", fills_in_a_code),
    Kind("back from the bank, signed out", opens("/payment/application/x/y/return/")),
    Kind("code of another browser", opens("/codes/nobodys/"), code=404),
]
STATUS_PAGES = [
    Kind(f"{procedure}: {status}", stay, str(status.label), str(procedure.label))
    for procedure in Procedure
    for status in Status
    if status.occurs_in(procedure)
]
APPLICANT = [
    Kind("withdrawal", opens_below("withdrawal/"), "検査申請補正待ち"),
    Kind("refused withdrawal", opens_below("withdrawal/"), "検査申請審査中", code=409),
    Kind("refused correction", opens_below("correction/"), "検査申請取り下げ中", code=409),
    Kind("correction", opens_correction, "検査申請補正待ち"),
    Kind(
        "correction with files",
        opens_correction,
        "検査申請補正待ち",
        fields={"attachments_to_correct": ("liability_insurance",)},
    ),
    Kind("correction with an error", empties_a_field, "検査申請補正待ち"),
    Kind("review of a correction", reviews_a_correction, "検査申請補正待ち", "新車"),
    Kind("before the code of a vehicle", warns_of_the_change, "返付準備完了"),
    Kind("code of a vehicle", issues_for_a_vehicle, "返付準備完了"),
    Kind("no code of a vehicle", warns_of_the_change, "検査申請審査中", code=409),
    Kind("paying", presses("納付"), "検査手数料等納付待ち"),
    Kind("paying without a bank", presses("納付", "次へ"), "自動車重量税納付待ち"),
    Kind("on the way to the bank", chooses_a_bank, "軽自動車税納付待ち", "新車"),
    Kind("back from the bank", comes_back, "検査手数料等納付待ち"),
]
STAFF = [
    Kind("admin: login", opens("/admin/login/")),
    *(
        Kind(f"admin: first page of {role}", opens("/admin/"), role=role)
        for role in ("reviewer", "tax_office", "counter", "operator")
    ),
    Kind("admin: list", opens(LIST), "検査申請審査中", role="reviewer"),
    Kind("admin: received", status="検査申請受付中", role="reviewer"),
    Kind("admin: awaiting correction", status="検査申請補正待ち", role="reviewer"),
    Kind("admin: returned", status="返付済", role="reviewer"),
    Kind(
        "admin: awaiting tax correction",
        status="軽自動車税申告補正待ち",
        procedure="新車",
        role="tax_office",
    ),
    Kind("admin: order a correction", presses("補正を指示する"), "検査申請審査中", role="reviewer"),
    Kind("admin: pass", presses("審査を完了する"), "検査申請審査中", "新車", "reviewer"),
    Kind("admin: error", rejects_without_reason, "検査申請審査中", role="reviewer"),
    Kind("admin: refused", opens_move("accept"), "検査申請審査中", role="reviewer", code=409),
    Kind("admin: forbidden", opens_move("hand_over"), "検査申請審査中", role="reviewer", code=403),
    Kind("admin: counter", opens("/admin/counter/"), role="counter"),
    Kind("admin: no key", lambda person: reads(person, "1234"), role="counter"),
    Kind(
        "admin: no such code",
        lambda person: reads(person, "1234567812345670"),
        role="counter",
        code=404,
    ),
    Kind("admin: new receiver", reads_a_new_receiver, role="counter"),
    Kind("admin: new receiver with an error", registers_without_a_look, role="counter"),
    Kind("admin: receivers", opens("/admin/qrcodes/receiver/"), role="counter"),
    Kind("admin: looks", opens("/admin/qrcodes/look/"), role="operator"),
    Kind("admin: mails", opens("/admin/koss/outgoingmail/"), "検査申請審査中", role="reviewer"),
    Kind(
        "admin: payments",
        opens("/admin/payments/paymentinformation/"),
        "検査申請審査中",
        role="reviewer",
    ),
    Kind(
        "admin: history",
        opens("/admin/applications/historyentry/"),
        "検査申請審査中",
        role="reviewer",
    ),
    Kind("admin: news", opens("/admin/koss/news/add/"), role="operator"),
    Kind("admin: user", opens("/admin/auth/user/add/"), role="operator"),
    Kind("admin: rates", opens("/admin/applications/rate/"), role="operator"),
    Kind("admin: statistics", opens("/admin/statistics/"), "検査申請審査中", role="reviewer"),
    Kind("admin: statistics with an error", opens("/admin/statistics/?first=x"), role="operator"),
    Kind("admin: nights", opens("/admin/koss/nightrun/"), role="operator"),
    Kind("admin: password", opens("/admin/password_change/"), role="operator"),
]
APPLY = [Kind(name, way, code=code) for name, way, code in apply_pages.WAYS]
PAYER = [Kind(name, way, payer=True, **fields) for name, way, fields in payer_pages.WAYS]
USER = [Kind(name, way, payer=True, code=code) for name, way, code in user_pages.WAYS]
MONEY = [Kind(name, way, **fields) for name, way, fields in money_pages.WAYS]
EVERY = [*PUBLIC, *STATUS_PAGES, *APPLICANT, *APPLY, *PAYER, *USER, *STAFF, *MONEY]
