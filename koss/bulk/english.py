"""What the forms of 申請を行う say, for programs: in Japanese, and in the catalogue's English."""

from django.utils import translation
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


def both(error):
    """[(Japanese, English)] of the sentences of a ValidationError."""
    with translation.override("ja"):
        japanese = list(error.messages)
    with translation.override("en"):
        english = list(error.messages)
    pairs = zip(japanese, english, strict=True)
    return [(first, second if second != first else _OTHER) for first, second in pairs]
