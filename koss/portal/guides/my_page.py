"""マイページ, and the まとめ納付管理ファイル that comes from there."""

from django.utils.translation import gettext_lazy as _

from applications.labels import Button as ApplicationButton
from koss.labels import Screen as Portal
from koss.portal.guides.parts import Guide, GuideStep, Scene
from payments.labels import Button, Field, Screen, Section

_ID_AND_PASSWORD = _("納付利用者IDと納付利用者パスワード")
_LOGIN = GuideStep(
    _("「%(id)s」と「%(password)s」を入れて「%(login)s」を押します。"),
    {"id": Field.USER_ID, "password": Field.USER_PASSWORD, "login": ApplicationButton.LOGIN},
    Scene(
        "my-page-login",
        "payments:my_page_login",
        Screen.MY_PAGE_LOGIN,
        marked=ApplicationButton.LOGIN,
    ),
    _("パスワードを忘れたときや、続けて誤ってロックされたときは、この画面から初期化します。"),
)


def _my_page(name, part, marked=None):
    return Scene(name, "payments:my_page", Screen.MY_PAGE, part, marked)


MY_PAGE = Guide(
    "guide_my_page",
    "my-page",
    Portal.GUIDE_MY_PAGE,
    _("利用者情報、パスワード、引き落としに使う口座を確かめ、変えます。"),
    (_ID_AND_PASSWORD,),
    "payments:my_page_login",
    (
        _LOGIN,
        GuideStep(
            _("「%(user)s」で、登録されている内容を確かめます。"),
            {"user": Section.USER},
            _my_page("my-page-user", "user"),
        ),
        GuideStep(
            _(
                "内容を変えるときは、「%(menu)s」の「%(change)s」を押します。口座の登録も、ここから始めます。"
            ),
            {"menu": Section.MY_MENU, "change": Screen.USER_CHANGE},
            _my_page("my-page-menu", "menu", Screen.USER_CHANGE),
        ),
        GuideStep(
            _("変えるところを入力し直し、「%(check)s」を押します。"),
            {"check": Button.CHECK},
            Scene("my-page-details", "payments:details", Screen.USER_CHANGE, marked=Button.CHECK),
            _("次の画面で内容を見直し、もう一度押すと変わります。"),
        ),
        GuideStep(
            _(
                "口座を登録するときは、金融機関、本支店、口座番号、口座名義を入れて「%(check)s」を押します。"
            ),
            {"check": Button.CHECK},
            Scene(
                "my-page-account",
                "payments:account_new",
                Screen.NEW_NATIONAL_ACCOUNT,
                marked=Button.CHECK,
            ),
            _(
                "検査手数料と自動車重量税には国庫金、軽自動車税環境性能割には地方税の口座を使います。金融機関の確認が済むと使えます。"
            ),
        ),
        GuideStep(
            _(
                "パスワードは、ログインの画面の「%(screen)s」から変えます。いまのパスワードと新しいパスワードを入れて「%(change)s」を押します。"
            ),
            {"screen": Screen.PASSWORD_CHANGE, "change": Button.CHANGE},
            Scene(
                "password-change",
                "payments:password_change",
                Screen.PASSWORD_CHANGE,
                marked=Button.CHANGE,
            ),
            _("有効期間は60日です。変わると、その結果が表示されます。"),
        ),
    ),
)

BATCH_FILE = Guide(
    "guide_batch_file",
    "batch-file",
    Portal.GUIDE_BATCH_FILE,
    _("画面申請でまとめ納付を使うときに要るファイルを、マイページから受け取ります。"),
    (_ID_AND_PASSWORD,),
    "payments:my_page_login",
    (
        _LOGIN,
        GuideStep(
            _("「%(download)s」の「%(file)s」を押し、ファイルを保存します。"),
            {"download": Section.DOWNLOAD, "file": Screen.BATCH_FILE},
            _my_page("my-page-download", "download", Screen.BATCH_FILE),
            _("中に書いてあるのはあなたの納付利用者IDで、パスワードは入っていません。"),
        ),
        GuideStep(
            _(
                "申請のときにまとめ納付を選び、このファイルを添えます。申請する方に渡しても構いません。"
            ),
        ),
        GuideStep(
            _(
                "だれのファイルか分からなくなったら、「%(screen)s」で選んで「%(check)s」を押します。"
            ),
            {"screen": Screen.BATCH_FILE_CHECK, "check": Button.CHECK},
            Scene(
                "batch-file-check",
                "payments:batch_file_check",
                Screen.BATCH_FILE_CHECK,
                marked=Button.CHECK,
            ),
        ),
    ),
)
