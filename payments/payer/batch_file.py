"""まとめ納付管理ファイル: says, signed by the portal, who pays for an application that carries it.

JSON of a version, the portal that issued it, the 納付利用者ID, and from when to when it is good;
``signature`` is an HMAC over the rest. It holds no password, name or mail address
(【画面申請】まとめ納付管理ファイルの取得手順, 3).
"""

import json
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from koss.ground import clock, dates, signs
from payments.models import EventKind, PaymentUser
from payments.payer import events

NAME = "まとめ納付管理ファイル_軽自動車OSS用.json"
LARGEST = 16 * 1024
_VERSION = 1
_NAMES = {"version", "issuer", "payment_user_id", "issued_on", "expires_on", "signature"}


class Reason(Enum):
    """Why a file is refused: the sentence for people."""

    UNREADABLE = _(
        "まとめ納付管理ファイルとして読み取れません。マイページから取得し直してください。"
    )
    FOREIGN = _("このポータルサイトが発行したまとめ納付管理ファイルではありません。")
    TAMPERED = _("発行したあとに書き換えられたまとめ納付管理ファイルです。")
    EXPIRED = _("有効期限を過ぎたまとめ納付管理ファイルです。マイページから取得し直してください。")
    UNKNOWN_USER = _("まとめ納付管理ファイルの納付利用者IDは、いまは使われていません。")


class BatchFileRefused(ValueError):
    """The file binds nobody. ``reason``: a Reason."""

    def __init__(self, reason):
        super().__init__(reason.name)
        self.reason = reason


def make(user, now, *, source=""):
    """(file name, bytes) of a new file for ``user``, good for KOSS_BATCH_FILE_DAYS."""
    today = clock.day(now)
    content = {
        "version": _VERSION,
        "issuer": _issuer(),
        "payment_user_id": user.user_id,
        "issued_on": today.isoformat(),
        "expires_on": (today + timedelta(days=settings.KOSS_BATCH_FILE_DAYS)).isoformat(),
    }
    content["signature"] = _signature(content)
    with transaction.atomic():
        events.record(user, EventKind.FILE_TAKEN, now=now, source=source)
    return NAME, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def read(packed, now):
    """The payment user whom the file ``packed`` (bytes) binds. Raises BatchFileRefused."""
    content = _content(packed)
    if content["issuer"] != _issuer():
        raise BatchFileRefused(Reason.FOREIGN)
    signature = content.pop("signature")
    if not constant_time_compare(signature, _signature(content)):
        raise BatchFileRefused(Reason.TAMPERED)
    # Only now the rest can be believed to be as it was written.
    expires_on = dates.read_day(content["expires_on"])
    if expires_on is None or clock.day(now) > expires_on:
        raise BatchFileRefused(Reason.EXPIRED)
    user = PaymentUser.objects.filter(user_id=content["payment_user_id"]).first()
    if user is None:
        raise BatchFileRefused(Reason.UNKNOWN_USER)
    return user


def _content(packed):
    if len(packed) > LARGEST:
        raise BatchFileRefused(Reason.UNREADABLE)
    try:
        content = json.loads(packed.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BatchFileRefused(Reason.UNREADABLE) from error
    if (
        not isinstance(content, dict)
        or set(content) != _NAMES
        or content["version"] != _VERSION
        or not all(_is_text(content[name]) for name in _NAMES - {"version"})
    ):
        raise BatchFileRefused(Reason.UNREADABLE)
    return content


def _is_text(value):
    return isinstance(value, str) and signs.is_text(value)


def _issuer():
    return settings.KOSS_ORIGIN.rstrip("/")


def _signature(content):
    """Over the facts alone: how the file is laid out does not matter."""
    facts = json.dumps(content, sort_keys=True)
    return salted_hmac("payments.batch_file", facts, algorithm="sha256").hexdigest()
