"""二次元コード: for one vehicle, and for a receiver who fetches many."""

from django.utils.translation import gettext_lazy as _

from applications.labels import Button as ApplicationButton
from applications.labels import Screen as ApplicationScreen
from applications.labels import Section as ApplicationSection
from koss.labels import Screen as Portal
from koss.portal.guides.parts import Guide, GuideStep, Scene
from qrcodes.labels import Button, Field, Row, Screen

_ISSUE = Scene("code-issue", "qrcodes:issue", Screen.CODE_ISSUE, marked=Button.ISSUE_CODE)

CODES = Guide(
    "guide_codes",
    "codes",
    Portal.GUIDE_CODES,
    _("窓口で交付物を受け取るための二次元コードを発行し、印刷して示すまでです。"),
    (
        _("1台ずつ受け取るとき：受付番号と申請用パスワード"),
        _(
            "まとめて受け取るとき：受取者の名前とパスワード、登録のときは名前とのつながりが分かる書面"
        ),
        _("A4の紙に印刷できるプリンタ"),
    ),
    "prepare_bulk_codes",
    (
        GuideStep(
            _("1台ずつのときは、準備が完了した申請の「%(receiving)s」で「%(issue)s」を押します。"),
            {
                "receiving": ApplicationSection.RECEIVING,
                "issue": ApplicationButton.ISSUE_PICKUP_CODE,
            },
            Scene(
                "status-receiving",
                "applications:status",
                ApplicationScreen.STATUS,
                "receiving",
                ApplicationButton.ISSUE_PICKUP_CODE,
            ),
            _(
                "受取者認証用の二次元コードで受け取る申請では、受取方法がこの方法に変わり、元には戻せません。"
            ),
        ),
        GuideStep(
            _("手続種別と受付番号を確かめ、「%(print)s」を押します。"),
            {"print": Button.PRINT},
            Scene(
                "vehicle-code", "qrcodes:vehicle", Screen.CODE_CONFIRMATION, "code", Button.PRINT
            ),
            _(
                "この紙を持っていれば、代わりの方でも受け取れます。使えるのは、最後に発行したものだけです。"
            ),
        ),
        GuideStep(
            _(
                "まとめて受け取るときは、はじめに一度、受取者を登録します。「%(purpose)s」、「%(name)s」、パスワードを入れて「%(issue)s」を押します。"
            ),
            {
                "purpose": Field.PURPOSE,
                "name": Field.RECEIVER_NAME_FULL_WIDTH,
                "issue": Button.ISSUE_CODE,
            },
            _ISSUE,
            _(
                "名前は、申請に書いた受取者名と一文字も違わないようにします。行政書士は、名前のすぐ後に登録番号8桁を括弧で付けます。"
            ),
        ),
        GuideStep(
            _("「%(key)s」と名前を確かめ、「%(print)s」を押します。"),
            {"key": Row.LOOKUP_KEY, "print": Button.PRINT},
            Scene(
                "receiver-code",
                "qrcodes:confirmation",
                Screen.CODE_CONFIRMATION,
                "code",
                Button.PRINT,
            ),
        ),
        GuideStep(
            _(
                "最寄りの事務所等の窓口に、身分や団体を示す書面の写しと一緒に出します。これで登録が済みます。"
            ),
        ),
        GuideStep(
            _(
                "受け取りのたびに、「%(purpose)s」で認証用を選び、手続種別ごとに「%(issue)s」を押して印刷します。"
            ),
            {"purpose": Field.PURPOSE, "issue": Button.ISSUE_CODE},
            _ISSUE,
            _(
                "パスワードを変えるときは、パスワード変更用を選んで発行し、登録のときと同じように窓口に出します。"
            ),
        ),
        GuideStep(
            _("申請先の窓口で、印刷した二次元コードを示して受け取ります。"),
            note=_(
                "継続検査では、窓口に出す書類のいちばん上に重ねます。読み取れないときは、検索キーで探してもらえます。"
            ),
        ),
    ),
)
