"""What can be said of an electronic signature: kinds, results and reasons."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateKind(models.TextChoices):
    PERSONAL = "personal", _("公的個人認証サービスの署名用電子証明書")
    CORPORATE = "corporate", _("商業登記に基づく電子証明書")
    SCRIVENER = "scrivener", _("行政書士の電子証明書")


class Match(models.TextChoices):
    """The certificate's name against the name in the application."""

    SAME = "same", _("申請者名と一致")
    SUBSTITUTED = "substituted", _("代替文字を除き申請者名と一致")
    DIFFERENT = "different", _("申請者名と不一致")


class Revocation(models.TextChoices):
    GOOD = "good", _("失効していません")
    UNKNOWN = "unknown", _("失効を確認中")
    REVOKED = "revoked", _("失効しています")


class SignatureRefusal(models.TextChoices):
    """Why a signature is refused: one member per gate, in the order of the gates."""

    TOO_LARGE = "too_large", _("署名ファイルが大きすぎます（16KBまで）。")
    PEM = "pem", _("署名ファイルがテキスト形式（PEM）です。DER形式で作成してください。")
    NOT_DER = "not_der", _("署名ファイルの形式（DER）が正しくありません。")
    NOT_SIGNED_DATA = "not_signed_data", _("署名ファイルがCMSの署名データではありません。")
    CONTENT_INSIDE = (
        "content_inside",
        _(
            "署名ファイルに申請内容が含まれています。内容を含まない形式（detached）で作成してください。"
        ),
    )
    NOT_ONE_SIGNER = "not_one_signer", _("署名ファイルの署名者が1名ではありません。")
    NO_CERTIFICATE = "no_certificate", _("署名ファイルに署名者の電子証明書が含まれていません。")
    BAD_CERTIFICATE = "bad_certificate", _("電子証明書を読み取れません。")
    NO_SIGNED_ATTRIBUTES = (
        "no_signed_attributes",
        _("署名ファイルに署名属性（内容の種類と要約値）がありません。"),
    )
    WEAK_DIGEST = (
        "weak_digest",
        _("署名の要約方式がSHA-256、SHA-384、SHA-512のいずれでもありません。"),
    )
    WEAK_KEY = (
        "weak_key",
        _("電子証明書の鍵が弱すぎます（RSA 2048ビット以上、またはP-256、P-384が必要です）。"),
    )
    ALTERED = "altered", _("署名したあとに内容が変わっているか、別の内容への署名です。")
    BAD_SIGNATURE = "bad_signature", _("署名の値が電子証明書の鍵と合いません。")
    UNKNOWN_KIND = "unknown_kind", _("この手続に使用できる種類の電子証明書ではありません。")
    PRACTICE = "practice", _("練習用の電子証明書は使用できません。")
    KEY_USAGE = "key_usage", _("署名に使用できない電子証明書です（鍵用途）。")
    EXTENDED_USAGE = "extended_usage", _("署名に使用できない電子証明書です（拡張鍵用途）。")
    CRITICAL_EXTENSION = (
        "critical_extension",
        _("電子証明書に、取り扱うことのできない必須の項目があります。"),
    )
    FOREIGN = "foreign", _("電子証明書が、認められた認証局から発行されたものではありません。")
    WEAK_CERTIFICATE = (
        "weak_certificate",
        _("電子証明書が、安全でない方式（SHA-1など）で発行されています。"),
    )
    BAD_PATH = "bad_path", _("電子証明書から認証局までのつながりを確認できません。")
    EXPIRED = "expired", _("電子証明書の有効期限が切れています。")
    NOT_YET_VALID = "not_yet_valid", _("電子証明書の有効期間がまだ始まっていません。")
    REVOKED = "revoked", _("電子証明書が失効しています。")
    NAME = "name", _("電子証明書の名義が申請者と異なります。")
