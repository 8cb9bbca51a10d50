"""よくあるご質問: every question of the original, word for word, in its five groups and its order.

The answers are this portal's own: ``templates/pages/faq/<group>.html``, one article for each
question, with the question's name as its anchor.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from koss.labels import Section


class QuestionGroup(NamedTuple):
    """``questions``: anchor → question, as it stands above its answer."""

    heading: str
    template: str
    questions: dict[str, str]

    def index(self):
        """Pairs of anchor and question, as they stand in the list at the top of the page."""
        return [
            (anchor, _WORDED_OTHERWISE.get(anchor, question))
            for anchor, question in self.questions.items()
        ]


# The original words these two differently in its list and above their answers.
_WORDED_OTHERWISE = {
    "suddenly_no_login": _(
        "軽自動車OSSに昨日までログインができていたのですが、急にログインができなくなりました。なぜですか。"
    ),
    "receipt_number_lost": _("受付番号が分からなくなってしまいました。"),
}

GROUPS = (
    QuestionGroup(
        Section.FAQ_GENERAL,
        "pages/faq/general.html",
        {
            "what_is_oss": _("OSSとは何ですか。"),
            "which_vehicles": _(
                "軽自動車OSSで申請可能な「軽自動車」とは、どのような車両を指しますか。"
            ),
            "service_hours": _("軽自動車OSSは、いつ利用できますか。"),
            "at_the_counter": _("従来の窓口に出向いて行う申請はできなくなるのですか。"),
            "other_languages": _("日本語以外での利用は可能でしょうか。"),
            "other_computers": _("Windows以外のパソコンからでも、申請は可能でしょうか。"),
            "charges": _("軽自動車OSSを利用する際に利用料金等は発生するのでしょうか。"),
            "security": _(
                "軽自動車OSSを利用して、インターネット上で申請する際のセキュリティはどうなっていますか。"
            ),
        },
    ),
    QuestionGroup(
        Section.FAQ_PREPARATION,
        "pages/faq/preparation.html",
        {
            "what_to_prepare": _(
                "軽自動車OSSを利用するうえで、どのような環境や申込等の準備が必要ですか。"
            ),
            "where_to_apply": _(
                "軽自動車OSSを利用して申請を行うには、どこから申請すればよいですか。"
            ),
            "correction_ordered": _("補正指示を受けました。その後の操作を教えてください。"),
            "which_certificates": _("手続に使う電子証明書はどんなものでもよいですか。"),
            "certificate_validity": _("一度、認証局から発行された電子証明書はずっと有効ですか。"),
            "how_to_pay": _("税・手数料の納付はどのように行えばよいですか。"),
            "how_to_collect": _("自動車検査証等の交付物を受け取るにはどうすればよいですか。"),
        },
    ),
    QuestionGroup(
        Section.FAQ_PROCEDURES,
        "pages/faq/procedures.html",
        {
            "which_procedures": _("軽自動車OSSではどのような申請が可能でしょうか。"),
            "supplementary_kanji": _("JIS補助漢字を含んだ氏名・名称で申請を行えますか。"),
            "phone_mail_address": _(
                "メールアドレスに携帯電話・スマートフォンのメールアドレスを入力しても構いませんか。"
            ),
        },
    ),
    QuestionGroup(
        Section.FAQ_OPERATION,
        "pages/faq/operation.html",
        {
            "rare_characters": _("高水準文字（例：﨑）を含んだ氏名・名称で申請を行えますか。"),
            "how_far": _("どこまで申請が進んでいるのか確認できる方法がありますか。"),
            "payment_details": _("税・手数料の納付に必要な情報はどこから確認すればよいですか。"),
            "direct_payment": _("ダイレクト納付をするために必要な申し込み方法が分かりません。"),
            "annual_tax": _(
                "軽自動車税種別割を納付したのですが、「状況照会」画面で納付の事実が確認できなかったと表示されています。"
            ),
        },
    ),
    QuestionGroup(
        Section.FAQ_ERRORS,
        "pages/faq/errors.html",
        {
            "suddenly_no_login": _(
                "軽自動車OSSに昨日までログインができていましたが、急にログインができなくなりました。なぜですか。"
            ),
            "idle": _(
                "軽自動車OSSにログインしたままパソコンを離れ、しばらく経ってから戻って操作を行ったら、エラーと表示されました。"
            ),
            "window_closed": _(
                "軽自動車OSSの操作中にウィンドウの【×】ボタンで終了し、再度軽自動車OSSの画面を操作したらエラーと表示されました。"
            ),
            "no_mail": _("メールアドレスを入力したのですが、通知メールが送られてきません。"),
            "mistake_after_sending": _(
                "申請書を送信した後に、間違いに気づいたので修正したいのですがどのように行えばよろしいでしょうか。"
            ),
            "new_mail_address": _(
                "申請時に設定したメールアドレスが変わりました。メールアドレスを変更することはできますか。"
            ),
            "payment_password_lost": _(
                "まとめ納付またはダイレクト納付を行う際に必要となる、納付利用者IDのパスワードを忘れてしまいました。"
            ),
            "change_user_data": _(
                "利用者IDの発行時に登録した利用者情報を変更したいのですが、変更は可能ですか。"
            ),
            "receipt_number_lost": _("受付番号が分からなくなりました。"),
            "application_password_lost": _(
                "申請時に設定した申請用パスワードを忘れてしまいました。"
            ),
        },
    ),
)
