"""Paying: 個別納付, まとめ納付, ダイレクト納付."""

from django.utils.translation import gettext_lazy as _

from applications.labels import Button as ApplicationButton
from applications.labels import Screen as ApplicationScreen
from applications.labels import Section as ApplicationSection
from koss.labels import Screen as Portal
from koss.portal.guides.parts import Guide, GuideStep, Scene
from payments.labels import Button, Field, Screen, State

_ID_AND_PASSWORD = _("納付利用者IDと納付利用者パスワード")
_LOGIN = GuideStep(
    _("「%(id)s」と「%(password)s」を入れて「%(login)s」を押します。"),
    {"id": Field.USER_ID, "password": Field.USER_PASSWORD, "login": ApplicationButton.LOGIN},
    Scene("payment-login", "payments:login", Screen.PAYMENT_LOGIN, marked=ApplicationButton.LOGIN),
    _("パスワードの有効期間は60日です。過ぎているときは、パスワードを変える画面に移ります。"),
)

INDIVIDUAL = Guide(
    "guide_individual_payment",
    "individual-payment",
    Portal.GUIDE_INDIVIDUAL_PAYMENT,
    _("申請1件の税・手数料を、申請状況の画面から納めます。"),
    (_("受付番号と申請用パスワード"), _("インターネットバンキングの契約、またはATMで使うカード")),
    "applications:login",
    (
        GuideStep(
            _("申請状況の画面を開き、「%(payment)s」の表の「%(pay)s」を押します。"),
            {"payment": ApplicationSection.PAYMENT, "pay": Button.PAY},
            Scene(
                "individual-press",
                "applications:status",
                ApplicationScreen.STATUS,
                "payment",
                Button.PAY,
            ),
            _("狭い画面では、表を横に動かすとボタンが出ます。"),
        ),
        GuideStep(
            _("インターネットバンキングで納めるときは、金融機関を選んで「%(next)s」を押します。"),
            {"next": ApplicationButton.NEXT},
            Scene(
                "individual-ways",
                "payments:individual_pay",
                Screen.PAY,
                "link",
                ApplicationButton.NEXT,
            ),
            _(
                "軽自動車税種別割の納付を確認できていない申請では、受け取りのときに書面を示すことへの同意が先に表示されます。"
            ),
        ),
        GuideStep(
            _("「%(to_bank)s」を押し、金融機関のサイトで金額を確かめて納めます。"),
            {"to_bank": Button.TO_BANK},
            Scene(
                "individual-bank",
                "payments:individual_pay_bank",
                Screen.PAY,
                "over",
                Button.TO_BANK,
            ),
        ),
        GuideStep(
            _(
                "ATMなどで納めるときは、収納機関番号、納付番号、確認番号を書き留めて、そこで入力します。"
            ),
            {},
            Scene("individual-numbers", "payments:individual_pay", Screen.PAY, "online"),
            _("窓口での納付はできません。"),
        ),
        GuideStep(
            _("申請状況の画面に戻り、「%(payment)s」が「%(paid)s」になったことを確かめます。"),
            {"payment": ApplicationSection.PAYMENT, "paid": State.PAID},
            Scene(
                "individual-paid",
                "applications:status",
                ApplicationScreen.STATUS,
                "payment",
                State.PAID,
            ),
            _("金融機関からの知らせが届くまで、少し時間がかかることがあります。"),
        ),
    ),
)

BATCH = Guide(
    "guide_batch_payment",
    "batch-payment",
    Portal.GUIDE_BATCH_PAYMENT,
    _("いくつもの申請を、種別ごとに一つの納付番号で納めます。"),
    (_ID_AND_PASSWORD, _("まとめ納付を選んで送った申請")),
    "payments:login",
    (
        _LOGIN,
        GuideStep(
            _("「%(menu)s」で「%(targets)s」を押します。"),
            {"menu": Screen.PAYMENT_MENU, "targets": Screen.SELECT_TARGETS},
            Scene(
                "payment-menu", "payments:menu", Screen.PAYMENT_MENU, marked=Screen.SELECT_TARGETS
            ),
        ),
        GuideStep(
            _("探す条件を入れて「%(search)s」を押します。何も入れなければ、すべてが出ます。"),
            {"search": Button.SEARCH},
            Scene(
                "targets-search", "payments:targets", Screen.SELECT_TARGETS, marked=Button.SEARCH
            ),
        ),
        GuideStep(
            _("納める申請に印を付けるか「%(all)s」を押し、「%(check)s」を押します。"),
            {"all": Button.CHOOSE_ALL, "check": Button.CHECK_CHOICE},
            Scene(
                "targets-list",
                "payments:targets_list",
                Screen.SELECT_TARGETS,
                marked=Button.CHECK_CHOICE,
            ),
        ),
        GuideStep(
            _("種別ごとの件数と金額を確かめ、「%(take)s」を押します。"),
            {"take": Button.TAKE_NUMBER},
            Scene(
                "targets-check",
                "payments:targets_check",
                Screen.SELECT_TARGETS,
                marked=Button.TAKE_NUMBER,
            ),
            _("取得したあとは、1件ずつの取り下げはできません。"),
        ),
        GuideStep(
            _("納付メニューに戻り、「%(batches)s」から検索します。"),
            {"batches": Screen.SELECT_BATCH},
            Scene("batches-menu", "payments:menu", Screen.PAYMENT_MENU, marked=Screen.SELECT_BATCH),
            _("番号が届くまでは「-」と表示されます。しばらくしてから、検索し直してください。"),
        ),
        GuideStep(
            _("「%(detail)s」で申請を確かめ、「%(pay)s」を押します。"),
            {"detail": Button.DETAIL, "pay": Button.PAY},
            Scene("batches-list", "payments:batches_list", Screen.CONFIRM_BATCH, marked=Button.PAY),
        ),
        GuideStep(
            _("金融機関を選んで「%(next)s」を押すか、下に出る番号をATMなどで入力して納めます。"),
            {"next": ApplicationButton.NEXT},
            Scene("batch-ways", "payments:pay", Screen.PAY, "link", ApplicationButton.NEXT),
            _("金融機関の一日の取扱限度額を超える額は、一度に納められません。"),
        ),
    ),
)

DIRECT = Guide(
    "guide_direct_payment",
    "direct-payment",
    Portal.GUIDE_DIRECT_PAYMENT,
    _("登録した口座からの引き落としを申し込みます。"),
    (_ID_AND_PASSWORD, _("マイページで登録し、金融機関の確認が済んだ口座")),
    "payments:login",
    (
        _LOGIN,
        GuideStep(
            _("「%(menu)s」で「%(direct)s」を押します。"),
            {"menu": Screen.PAYMENT_MENU, "direct": Screen.SELECT_DIRECT},
            Scene("direct-menu", "payments:menu", Screen.PAYMENT_MENU, marked=Screen.SELECT_DIRECT),
        ),
        GuideStep(
            _("引き落とす口座を選び、「%(search)s」を押します。"),
            {"search": Button.SEARCH},
            Scene("direct-search", "payments:direct", Screen.SELECT_DIRECT, marked=Button.SEARCH),
        ),
        GuideStep(
            _("納める申請に印を付け、「%(check)s」を押します。"),
            {"check": Button.CHECK_CHOICE},
            Scene(
                "direct-list",
                "payments:direct_list",
                Screen.SELECT_DIRECT,
                marked=Button.CHECK_CHOICE,
            ),
        ),
        GuideStep(
            _("「%(when)s」を選び、「%(order)s」を押します。"),
            {"when": Field.DEBIT_TIME, "order": Button.ORDER_DEBIT},
            Scene(
                "direct-check",
                "payments:direct_check",
                Screen.SELECT_DIRECT,
                "when",
                Button.ORDER_DEBIT,
            ),
        ),
        GuideStep(
            _("「%(orders)s」で、引き落とされたかどうかを確かめます。"),
            {"orders": Screen.DIRECT_ORDERS},
            Scene("direct-orders", "payments:direct_orders", Screen.DIRECT_ORDERS),
            _(
                "残高が足りないときは引き落とされません。期限までに、別の方法で納めるか申し込み直してください。"
            ),
        ),
    ),
)
