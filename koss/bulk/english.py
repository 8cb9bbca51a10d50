"""What the forms of 申請を行う say in Japanese, for programs whose makers read English.

The forms say a sentence; here it is known again by what stays the same in it.
"""

import re

from django.utils.translation import gettext_lazy as _

NOT_APPLICABLE = (
    _("この手続や選択では使わない項目です。"),
    "Not used with this procedure or these choices.",
)
NO_SUCH_PAPER = (_("この手続の添付書類ではありません。"), "No paper of this procedure.")
NO_SUCH_FILE = (
    _("このハッシュ値の添付ファイルは預かっていません。先に送ってください。"),
    "No file with this digest is held. Send it first.",
)
TOO_MUCH = (
    _("添付書類は、合わせて30メガバイトまでです。"),
    "At most 30 megabytes of attachments together.",
)
NO_SUCH_OFFICE = (
    _("この名前の事務所等はありません。正式な名前で書いてください。"),
    "There is no office of this name. Write its official name.",
)
NOT_A_REFERENCE = (
    _("半角の英数字と「.」「_」「-」で、64文字までにしてください。"),
    "Up to 64 letters, digits and signs of . _ -",
)
NO_SIGNATURE = (_("電子署名がありません。"), "There is no electronic signature.")
NOT_BASE64 = (_("電子署名はBase64で書いてください。"), "Write the signature in base64.")
_OTHER = "This value was not taken; the Japanese sentence says why."
_KNOWN = [
    (re.compile(japanese), said)
    for japanese, said in [
        (r"を入力してください。$", "This is required."),
        (r"を選んでください。$", "Choose one of the values of the description."),
        (r"文字以内で入力してください。$", "This is too long."),
        (r"使用できない文字が入っています|使えない文字", "This holds a sign that cannot be used."),
        (
            r"^高水準文字",
            "High-level characters are not taken here; the Japanese sentence has others.",
        ),
        (r"ひらがなと用途が合いません", "The kana of the plate does not fit the use."),
        (
            r"英字の「",
            "A letter that is easily taken for a digit: confirm it if it is right.",
        ),
        (
            r"の番号です。住所と郵便番号を確かめて",
            "The postal code and the address do not belong together.",
        ),
        (r"都道府県から", "An address begins with its prefecture."),
        (r"桁の数字で入力してください。$", "This has another number of digits."),
        (r"数字で入力してください。$", "This must be digits."),
        (r"に誤りがあります", "The check digit is wrong."),
        (r"「@」|メールアドレス", "This is no mail address."),
        (
            r"記録等事務代行者に頼めません",
            "A recording agent can be asked only where all conditions hold.",
        ),
        (
            r"一文字ずつ一致しません",
            "The name or the address is not, character by character, that of the file.",
        ),
        (r"住所証明ファイル", "This is no valid 使用者の住所証明ファイル."),
        (r"パスワード|文字の種類|文字以上", "The password does not keep to the rule."),
        (r"全角|括弧|登録番号", "The receiver's name is not written as it was registered."),
        (r"車両番号|プレート|地域名|分類番号|一連指定番号|ひらがな", "This is no plate number."),
    ]
]


def of(sentence):
    """``sentence`` in English, as far as it is known."""
    return next((said for known, said in _KNOWN if known.search(sentence)), _OTHER)
