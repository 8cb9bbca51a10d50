"""使用者の住所証明ファイル: the user's signed word on name and address, for the applicant.

JSON with the canonical text that was signed and the signature (CMS, base64). The text names this
portal and until when the file is good, so nothing in it can be changed or carried elsewhere. The
name in it and the name in the form agree character by character; a certificate's need not, since
certificates cannot hold every character.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.postal.table import shown
from applications.signatures import checking
from applications.signatures.refusals import Refusal, SignatureRefused
from koss.ground import clock, dates

NAME = "使用者の住所証明ファイル_軽自動車OSS用.json"
LARGEST = 64 * 1024
_VERSION = 1
_TITLE = "軽自動車OSS 使用者の住所証明"
_LINES = ("発行元", "作成日", "有効期限", "使用者名", "使用者名（高水準）", "郵便番号", "住所")


class AddressFileFault(models.TextChoices):
    """Why a file proves nothing: the sentence for people."""

    UNREADABLE = "unreadable", _("使用者の住所証明ファイルとして読み取れません。")
    FOREIGN = "foreign", _("このポータルサイトで作成した使用者の住所証明ファイルではありません。")
    EXPIRED = "expired", _("有効期限を過ぎた使用者の住所証明ファイルです。作り直してください。")
    SIGNATURE = "signature", _("使用者の住所証明ファイルの署名が正しくありません。")
    OTHER_NAME = (
        "other_name",
        _("使用者の住所証明ファイルに署名した方の氏名が、使用者名と違います。"),
    )


class AddressFileRefused(ValueError):
    """``fault``: an AddressFileFault."""

    def __init__(self, fault):
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class AddressProof:
    """What a good file says."""

    user_name: str
    user_name_full: str
    postal_code: str
    address: str


def text_of(proof: AddressProof, now) -> bytes:
    """What the user signs, made at ``now``. Good for ``KOSS_ADDRESS_FILE_DAYS``."""
    today = clock.day(now)
    until = today + timedelta(days=settings.KOSS_ADDRESS_FILE_DAYS)
    values = (
        _issuer(),
        today.isoformat(),
        until.isoformat(),
        proof.user_name,
        proof.user_name_full,
        proof.postal_code,
        proof.address,
    )
    lines = [_TITLE, *(f"{line}：{value}" for line, value in zip(_LINES, values, strict=True))]
    return ("\n".join(lines) + "\n").encode()


def make(content: bytes, cms: bytes, *, now) -> bytes:
    """The file, after its signature was checked. Raises AddressFileRefused."""
    packed = {
        "version": _VERSION,
        "content": content.decode(),
        "signature": base64.b64encode(cms).decode(),
    }
    made = (json.dumps(packed, ensure_ascii=False, indent=2) + "\n").encode()
    read(made, now=now)
    return made


def read(packed: bytes, *, now) -> AddressProof:
    """What the file ``packed`` proves at ``now``. Raises AddressFileRefused."""
    content, cms = _parts(packed)
    facts = _facts(content)
    named = facts["使用者名（高水準）"] or facts["使用者名"]
    try:
        checking.check(cms, content, now=now, names=[named])
    except SignatureRefused as refused:
        other = refused.refusal == Refusal.NAME
        raise AddressFileRefused(
            AddressFileFault.OTHER_NAME if other else AddressFileFault.SIGNATURE
        ) from refused
    # Only now the rest can be believed to be as it was written.
    if facts["発行元"] != _issuer():
        raise AddressFileRefused(AddressFileFault.FOREIGN)
    if clock.day(now) > dates.read_day(facts["有効期限"]):
        raise AddressFileRefused(AddressFileFault.EXPIRED)
    return _proof(facts)


def said_in(packed: str) -> AddressProof:
    """What a file says that was good when it was taken."""
    content, _cms = _parts(packed.encode())
    return _proof(_facts(content))


def agrees(said: dict, answers: dict) -> bool:
    """Whether what a file ``said`` is, character by character, what the draft's ``answers`` say.

    What is not answered yet disagrees with nothing.
    """
    user, address = answers.get("user"), answers.get("address")
    return (
        not user
        or (said["user_name"], said["user_name_full"])
        == (user["user_name"], user.get("user_name_full", ""))
    ) and (
        not address
        or (said["postal_code"], said["address"])
        == (shown(address["postal_code"]), address["address"])
    )


def _parts(packed):
    try:
        if len(packed) > LARGEST:
            raise ValueError
        file = json.loads(packed.decode("utf-8-sig"))
        if not isinstance(file, dict) or file.get("version") != _VERSION:
            raise ValueError
        content = file["content"].encode()
        return content, base64.b64decode(file["signature"], validate=True)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        binascii.Error,
    ) as error:
        raise AddressFileRefused(AddressFileFault.UNREADABLE) from error


def _facts(content):
    try:
        title, *lines = content.decode().removesuffix("\n").split("\n")
        pairs = [line.split("：", 1) for line in lines]
        facts = dict(pairs)
        if title != _TITLE or tuple(name for name, _value in pairs) != _LINES:
            raise ValueError
        if dates.read_day(facts["有効期限"]) is None:
            raise ValueError
    except (ValueError, KeyError) as error:
        raise AddressFileRefused(AddressFileFault.UNREADABLE) from error
    return facts


def _proof(facts):
    return AddressProof(
        facts["使用者名"], facts["使用者名（高水準）"], facts["郵便番号"], facts["住所"]
    )


def _issuer():
    return settings.KOSS_ORIGIN.rstrip("/")
