"""Why a file is refused: what stands beside the field."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileFault(models.TextChoices):
    """The values are those of ``applications.uploads.child``."""

    TOO_LARGE = "too_large", _("10メガバイト以下のファイルを選んでください。")
    TOGETHER = "together", _("添付書類は、合わせて30メガバイトまでです。")
    SAME = "same", _("提出済みのファイルと同じ内容です。直したファイルを選んでください。")
    EMPTY = "empty", _("ファイルが空です。")
    TYPE = "type", _("PDF、JPEG、PNGのファイルを選んでください。")
    BROKEN = "broken", _("ファイルが壊れているか、名前と中身の種類が違うため、開けません。")
    PIXELS = "pixels", _("画像が大きすぎます。一辺12,000ピクセル、5,000万画素までにしてください。")
    PAGES = "pages", _("PDFは1ページから100ページまでにしてください。")
    SCRIPT = "script", _("プログラムを含むPDFは受け付けられません。")
    EMBEDDED = "embedded", _("ほかのファイルを含むPDFは受け付けられません。")
    FORM = "form", _("送信や処理を行うフォームを含むPDFは受け付けられません。")
    PASSWORD = "password", _("パスワードや制限の付いたPDFは受け付けられません。")
    RESOURCES = "resources", _("ファイルが複雑すぎて開けません。作り直すか、画像にしてください。")
    BUSY = "busy", _("ただいま混み合っています。少し待ってから、もう一度送ってください。")
    VIRUS = "virus", _("ウイルスが見つかったため、受け付けられません。")
    SCANNER_AWAY = "scanner_away", _("ウイルスの検査ができないため、いまは受け付けられません。")


class FileRefused(ValueError):
    """The file is not taken. ``fault``: a FileFault."""

    def __init__(self, fault):
        super().__init__(fault)
        self.fault = FileFault(fault)
