"""What an applicant does after sending: 状況照会, 補正, 取り下げ."""

from django.utils.translation import gettext_lazy as _

from applications.labels import Button, Field, Screen, Section
from applications.status import Status
from koss.labels import Button as PortalButton
from koss.labels import Screen as Portal
from koss.portal.guides.parts import Guide, GuideStep, Scene
from payments.labels import Button as PaymentButton
from payments.labels import Screen as PaymentScreen

_NUMBER_AND_PASSWORD = _("受付番号と申請用パスワード")
_LOGIN = Scene("login", "applications:login", Screen.STATUS_LOGIN, marked=Button.NEXT)
_PASSWORD = Scene("password", "applications:password", Screen.STATUS_LOGIN, marked=Button.LOGIN)


def _status(name, part, marked=None):
    return Scene(name, "applications:status", Screen.STATUS, part, marked)


INQUIRY = Guide(
    "guide_inquiry",
    "inquiry",
    Portal.GUIDE_INQUIRY,
    _("送った申請がどこまで進んだかと、次に行うことを確かめます。"),
    (_NUMBER_AND_PASSWORD,),
    "applications:login",
    (
        GuideStep(
            _("「%(screen)s」のページを開き、「%(inquiry)s」を押します。"),
            {"screen": Portal.SCREEN_APPLICATIONS, "inquiry": PortalButton.STATUS_INQUIRY},
            Scene(
                "screen-applications",
                "screen_applications",
                Portal.SCREEN_APPLICATIONS,
                marked=PortalButton.STATUS_INQUIRY,
            ),
            _("一括申請をした方も、同じ画面から照会します。"),
        ),
        GuideStep(
            _("「%(number)s」に申請のときの番号を入れて「%(next)s」を押します。"),
            {"number": Field.RECEIPT_NUMBER, "next": Button.NEXT},
            _LOGIN,
            _("利用規約に同意したうえで進みます。全角の数字でも、間に空白があっても構いません。"),
        ),
        GuideStep(
            _("「%(password)s」に、申請のときに決めたパスワードを入れて「%(login)s」を押します。"),
            {"password": Field.APPLICATION_PASSWORD, "login": Button.LOGIN},
            _PASSWORD,
        ),
        GuideStep(
            _("「%(current)s」で、申請状況とその日時を読みます。"),
            {"current": Section.CURRENT_STATUS},
            _status("status-current", "current-status"),
            _("申請状況の下のリンクから、その意味の説明を開けます。"),
        ),
        GuideStep(
            _(
                "「%(next_step)s」に、だれが何をするかが書いてあります。あなたの番のときは、そこのボタンから進めます。"
            ),
            {"next_step": Section.NEXT_STEP},
            _status("status-next", "next-step"),
        ),
        GuideStep(
            _("お知らせがあるときは、「%(notices)s」で内容、理由、期限日を読みます。"),
            {"notices": Section.NOTICES},
            _status("status-notice", "notice-heading"),
        ),
        GuideStep(
            _("税・手数料の番号と納付の状態は、「%(payment)s」の表にあります。"),
            {"payment": Section.PAYMENT},
            _status("status-payment", "payment"),
            _("まとめ納付の番号は、納付ログインのあとの画面で確かめます。"),
        ),
        GuideStep(
            _("見終わったら「%(end)s」を押します。"),
            {"end": Button.END},
            _status("status-end", "", Button.END),
            _(
                "何も押さないまま時間がたつと、照会は自動で終わります。そのときはログインし直してください。"
            ),
        ),
    ),
)

CORRECTION = Guide(
    "guide_correction",
    "correction",
    Portal.GUIDE_CORRECTION,
    _("補正の指示が出た申請を直して、もう一度送るまでです。"),
    (
        _NUMBER_AND_PASSWORD,
        _("書類の出し直しを求められたときは、そのファイル"),
        _("署名して送った申請のときは、電子証明書とPIN"),
    ),
    "applications:correction_login",
    (
        GuideStep(
            _("「%(number)s」を入れて「%(next)s」を押し、続く画面で申請用パスワードを入れます。"),
            {"number": Field.RECEIPT_NUMBER, "next": Button.NEXT},
            Scene(
                "correction-login",
                "applications:correction_login",
                Screen.STATUS_LOGIN,
                marked=Button.NEXT,
            ),
            _("画面申請の方も、一括申請の方も、ここから補正します。"),
        ),
        GuideStep(
            _("申請状況の画面からも進めます。「%(ordered)s」の「%(correct)s」を押してください。"),
            {"ordered": Section.CORRECTION_ORDERED, "correct": Button.CORRECT},
            _status("status-correction", "correction", Button.CORRECT),
            _("補正をしないで取り下げることも、この画面でできます。"),
        ),
        GuideStep(
            _("「%(ordered)s」で、理由と期限日を読みます。"),
            {"ordered": Section.CORRECTION_ORDERED},
            Scene("correction-order", "applications:correction", Screen.CORRECTION, "order"),
            _("期限日を過ぎると却下になり、その申請は続けられません。"),
        ),
        GuideStep(
            _("指示された項目だけが直せます。直したら「%(check)s」を押します。"),
            {"check": Button.CHECK_CORRECTION},
            Scene(
                "correction",
                "applications:correction",
                Screen.CORRECTION,
                marked=Button.CHECK_CORRECTION,
            ),
        ),
        GuideStep(
            _("補正前と補正後を見比べ、「%(send)s」を押します。"),
            {"send": Button.SEND_CORRECTION},
            Scene(
                "correction-review",
                "applications:correction_review",
                Screen.CORRECTION_REVIEW,
                marked=Button.SEND_CORRECTION,
            ),
            _("署名して送った申請では、ここで署名の画面に進み、もう一度署名します。"),
        ),
        GuideStep(
            _("申請状況が「%(review)s」になったことを確かめます。"),
            {"review": Status.IN_REVIEW.label},
            _status("status-in-review", "current-status"),
            _("検査申請の補正のときの例です。"),
        ),
    ),
)

WITHDRAWAL = Guide(
    "guide_withdrawal",
    "withdrawal",
    Portal.GUIDE_WITHDRAWAL,
    _("申請を自分で取り下げます。できるのは、まとめ払い中か補正待ちのときだけです。"),
    (
        _("1件だけ取り下げるとき：受付番号と申請用パスワード"),
        _("納付番号を取得したあとで取り下げるとき：納付利用者IDとパスワード"),
    ),
    "applications:login",
    (
        GuideStep(
            _("1件だけのときは、申請状況の画面で「%(withdraw)s」を押します。"),
            {"withdraw": Button.WITHDRAW},
            _status("status-withdrawal", "withdrawal", Button.WITHDRAW),
            _(
                "検査申請補正待ちか、納付番号を取得する前のまとめ払い中に出るボタンです。個別納付の申請は、補正待ちのほかは取り下げられません。"
            ),
        ),
        GuideStep(
            _("申請が合っているかを確かめ、「%(ok)s」を押します。"),
            {"ok": Button.OK},
            Scene("withdrawal", "applications:withdrawal", Screen.WITHDRAWAL, marked=Button.OK),
            _("押したあとで取り消すことはできません。"),
        ),
        GuideStep(
            _(
                "申請状況が「%(withdrawing)s」に変わります。軽自動車検査協会が確かめると、取り下げが終わります。"
            ),
            {"withdrawing": Status.WITHDRAWING.label},
            _status("status-withdrawing", "current-status"),
        ),
        GuideStep(
            _(
                "納付番号を取得したあとは、納付ログインから「%(confirm)s」を開き、「%(withdraw)s」を押します。"
            ),
            {"confirm": PaymentScreen.CONFIRM_BATCH, "withdraw": PaymentButton.WITHDRAW_BATCH},
            Scene(
                "batches-withdrawal",
                "payments:batches_list",
                PaymentScreen.CONFIRM_BATCH,
                marked=PaymentButton.WITHDRAW_BATCH,
            ),
            _("まとめた申請のすべてが対象です。先に詳細を開いて、中身を確かめてください。"),
        ),
        GuideStep(
            _("だれも納付していないことを確かめてから、「%(ok)s」を押します。"),
            {"ok": Button.OK},
            Scene(
                "batch-withdrawal",
                "payments:batch_withdrawal",
                PaymentScreen.CONFIRM_BATCH,
                marked=Button.OK,
            ),
            _("こちらも取り消せません。手数料を次の申請に引き継ぐこともできません。"),
        ),
        GuideStep(
            _("次の日の朝に照会すると、申請状況が「%(invalid)s」になっています。"),
            {"invalid": Status.INVALID.label},
            _status("status-invalid", "current-status"),
            _("それまでは、まとめ払い中のままです。"),
        ),
    ),
)
