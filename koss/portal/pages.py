"""The portal's reading pages: address, title and place of each, once.

Addresses, breadcrumbs, menus and サイトマップ are made from this. A page is drawn from
``templates/pages/<template>.html``; what it needs beyond that, ``koss.portal.views`` adds.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from koss.labels import Menu as Word
from koss.labels import Screen
from koss.portal.guides import shelf
from payments.labels import Screen as PaymentScreen
from qrcodes.labels import Screen as CodeScreen


class ReadingPage(NamedTuple):
    """``parent``: the name of the page above it, "" for the top page. ``about``: what it is for."""

    name: str
    path: str
    title: str
    about: str
    parent: str = ""
    template: str = ""

    @property
    def has_children(self):
        return bool(children(self.name))


class PreparationStep(NamedTuple):
    """One of the numbered steps of 事前の準備. ``page``: where it is explained."""

    number: int
    page: ReadingPage


_FIRST = "first_time"
# What a step is for, the same in both ways to apply.
_STEPS = {
    "environment": (
        Screen.ENVIRONMENT,
        _("お使いの機器とブラウザで、このポータルを使えるかどうかを確かめます。"),
    ),
    "certificate": (Screen.CERTIFICATE, _("申請に署名するための電子証明書を用意します。")),
    "electronic_payment": (
        Screen.ELECTRONIC_PAYMENT,
        _("税・手数料を納めるための口座と納め方を決めます。"),
    ),
    "user_id": (
        PaymentScreen.ISSUE,
        _("まとめ納付、ダイレクト納付、一括申請に使う利用者IDを受け取ります。"),
    ),
    "direct_payment": (
        Screen.DIRECT_PAYMENT,
        _("税・手数料を引き落とす口座を登録します。"),
    ),
    "codes": (CodeScreen.CODES, _("窓口で受け取る人を登録し、二次元コードを発行します。")),
    "agent": (
        Screen.RECORDING_AGENT,
        _("窓口に行かずに自動車検査証を受け取れるように、代行者に頼みます。"),
    ),
}
_OTHER_PATHS = {"codes": "codes/"}
_SCREEN_STEPS = ("environment", "certificate", "electronic_payment", "user_id", "agent")
_BULK_STEPS = (
    "environment",
    "certificate",
    "electronic_payment",
    "user_id",
    "direct_payment",
    "codes",
    "agent",
)


def _steps(way, names):
    """The steps of the way to apply ``way``."""
    for number, name in enumerate(names, start=1):
        title, about = _STEPS[name]
        parent, template = f"prepare_{way}", f"first/steps/{name}"
        path = _OTHER_PATHS.get(name, f"first/{way}/{name.replace('_', '-')}/")
        page = ReadingPage(f"prepare_{way}_{name}", path, title, about, parent, template)
        yield PreparationStep(number, page)


SCREEN_STEPS = tuple(_steps("screen", _SCREEN_STEPS))
BULK_STEPS = tuple(_steps("bulk", _BULK_STEPS))
STEPS = {"prepare_screen": SCREEN_STEPS, "prepare_bulk": BULK_STEPS}

_P = ReadingPage
# fmt: off
PAGES = (
    _P(_FIRST, "first/", Word.FIRST_TIME, _("申請を始める前に知っておくことと、用意するものをまとめています。"), template="first/index"),
    _P("about", "first/about/", Screen.ABOUT, _("どんなサービスで、何ができるのかを説明します。"), _FIRST, "first/about"),
    _P("conditions", "first/conditions/", Screen.CONDITIONS, _("だれが、どの車について、どの方法で申請できるかを説明します。"), _FIRST, "first/conditions"),
    _P("conditions_continued", "first/conditions/continued-inspection/", Screen.DETAILS_CONTINUED,
       _("継続検査を申請できる車と、用意する書類です。"), "conditions", "first/conditions_continued"),
    _P("conditions_new", "first/conditions/new-vehicle/", Screen.DETAILS_NEW,
       _("新車の手続を申請できる車と、用意する書類です。"), "conditions", "first/conditions_new"),
    _P("prepare_screen", "first/screen/", Word.PREPARE_SCREEN, _("このポータルの画面から申請する方の準備です。"), _FIRST, "first/prepare"),
    *(step.page for step in SCREEN_STEPS),
    _P("prepare_bulk", "first/bulk/", Word.PREPARE_BULK, _("一括利用者システムから申請する方の準備です。"), _FIRST, "first/prepare"),
    *(step.page for step in BULK_STEPS),
    _P("procedures", "first/procedures/", Screen.PROCEDURES, _("申請から受け取りまで、操作の順番を手続ごとに説明します。"), _FIRST, "first/procedures"),
    *(_P(guide.name, f"first/procedures/{guide.path}/", guide.title, guide.about, "procedures", "first/guide") for guide in shelf.GUIDES),
    _P("statuses", "statuses/", Screen.STATUSES, _("申請状況の一つひとつについて、意味、動く人、次に行うことを説明します。"), _FIRST, "statuses"),
    _P("faq", "faq/", Screen.FAQ, _("手続や操作について、よくいただく質問とその答えです。"), _FIRST, "faq"),
    _P("glossary", "glossary/", Screen.GLOSSARY, _("申請に使う言葉の意味を、五十音順に説明します。"), _FIRST, "glossary"),
    _P("contact", "contact/", Screen.CONTACT, _("受付番号が分からないときや、申請の内容についてのご相談はこちらへ。"), _FIRST, "contact"),
    _P("prepared", "prepared/", Word.PREPARED, _("申請、照会、納付、補正など、すべてのメニューです。"), template="prepared"),
    _P("weight_tax", "weight-tax/", Screen.WEIGHT_TAX, _("次の車検でかかる自動車重量税を計算します。"), template="weight_tax"),
    _P("service_area", "service-area/", Screen.SERVICE_AREA, _("申請できる手続と、申請先の軽自動車検査協会事務所等です。"), template="service_area"),
    _P("security", "security/", Screen.SECURITY, _("情報を守るためにしていることと、ご自身で気をつけることです。"), template="security"),
    _P("terms", "terms/", Screen.TERMS, _("このサービスを利用するときの決まりです。"), template="terms"),
    _P("accessibility", "accessibility/", Screen.ACCESSIBILITY, _("だれもが使えるようにするための目標と、確かめた結果です。"), template="accessibility"),
    _P("site_map", "sitemap/", Screen.SITE_MAP, _("すべてのページの一覧です。"), template="site_map"),
)
# fmt: on
BY_NAME = {page.name: page for page in PAGES}
# はじめての方, in the order of its menu.
FIRST_TIME = (
    "about",
    "conditions",
    "prepare_screen",
    "prepare_bulk",
    "procedures",
    "faq",
    "glossary",
    "contact",
)


def trail(name):
    """The pages between the top page and the page ``name``, from above."""
    page, above = BY_NAME[name], []
    while page.parent:
        page = BY_NAME[page.parent]
        above.insert(0, page)
    return above


def children(name):
    """The pages right below the page ``name``, in their order."""
    return [page for page in PAGES if page.parent == name]


def beside(name):
    """(steps, step, before, after) of the step whose page is ``name``; Nones for another page."""
    for steps in STEPS.values():
        for place, step in enumerate(steps):
            if step.page.name == name:
                before = steps[place - 1] if place else None
                after = steps[place + 1] if place + 1 < len(steps) else None
                return steps, step, before, after
    return None, None, None, None
