"""申請を行う on the portal's own screens."""

from django.utils.translation import gettext_lazy as _

from applications.labels import Button, Screen
from koss.labels import Menu
from koss.labels import Screen as Portal
from koss.portal.guides.parts import Guide, GuideStep, Scene

APPLYING = Guide(
    "guide_applying",
    "applying",
    Portal.GUIDE_APPLYING,
    _("継続検査か新車の手続を、画面に入力して署名し、送るまでです。"),
    (
        _("自動車検査証（継続検査のとき）、または車台番号の分かる書類（新車のとき）"),
        _("申請者または代理人の電子証明書と、そのPIN"),
        _("お知らせを受け取るメールアドレス"),
    ),
    "apply:begin",
    (
        GuideStep(
            _(
                "「%(apply)s」を開き、手続の種類、申請用パスワード、メールアドレスを入れて「%(next)s」を押します。"
            ),
            {"apply": Menu.APPLY, "next": Button.NEXT},
            Scene("apply-begin", "apply:begin", Menu.APPLY, marked=Button.NEXT),
            _(
                "途中でやめても、あとから続きを入力できます。表示される番号とパスワードを控えてください。"
            ),
        ),
        GuideStep(
            _("項目の一覧が出ます。「%(start)s」を押すと、上から順に進みます。"),
            {"start": Button.START_TYPING},
            Scene("apply-tasks", "apply:tasks", Menu.APPLY, marked=Button.START_TYPING),
        ),
        GuideStep(
            _("一画面に一つずつ答え、「%(save)s」を押します。書類のファイルも同じように添えます。"),
            {"save": Button.SAVE_AND_NEXT},
            Scene("apply-step", "apply:step", Menu.APPLY, marked=Button.SAVE_AND_NEXT),
            _("画面ごとに保存されるので、どこで休んでも構いません。"),
        ),
        GuideStep(
            _("すべての答えを見直し、正しければ「%(sign)s」を押します。"),
            {"sign": Button.TO_SIGNATURE},
            Scene(
                "apply-check", "apply:check", Screen.APPLICATION_CHECK, marked=Button.TO_SIGNATURE
            ),
            _("送ったあとは、補正の指示が出るまで直すことができません。"),
        ),
        GuideStep(
            _("電子証明書を選び、PINを入れて「%(send)s」を押します。"),
            {"send": Button.SIGN_APPLICATION},
            Scene(
                "apply-sign",
                "apply:sign",
                Screen.APPLICATION_SIGNATURE,
                marked=Button.SIGN_APPLICATION,
            ),
        ),
        GuideStep(
            _("表示された受付番号を控えます。照会、補正、納付のたびに使います。"),
            note=_("受付番号はメールでも届きます。申請用パスワードは再発行できません。"),
        ),
    ),
)
