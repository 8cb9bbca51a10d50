"""Webhooks by the interface: which there are, a new one, and no more. All else is on マイページ."""

from datetime import datetime
from typing import Annotated

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from ninja import Path
from ninja.responses import Status
from pydantic import Field

from koss.api import faults
from koss.api.bearer import WEBHOOKS, WEBHOOKS_ONCE
from koss.api.once import once
from koss.api.problems import Fault, Problem
from koss.api.routing import router
from koss.api.sent import Sent
from koss.api.shapes import Coded, Linked
from koss.api.showing import link
from koss.ground import clock
from koss.ground.text import Unreadable
from koss.hooks import addresses, endpoints
from koss.hooks.forms import WebhookForm
from payments.labels import Button
from payments.models import Webhook, WebhookState

_TAGS = ["Webhook"]
WebhookReference = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class WebhookStateWord(Coded):
    code: WebhookState


class WebhookShape(Linked):
    """An address that is told of changes. Its secret is not among this."""

    id: WebhookReference
    name: str
    url: str
    state: WebhookStateWord
    reason: Coded | None = Field(description="停止の理由")
    created_at: datetime
    last_delivered_at: datetime | None


class NewWebhookShape(WebhookShape):
    """``secret``: in the first answer alone; the same request again gets null."""

    secret: str | None = Field(description="whsec_…。最初の応答だけにある")


class WebhookList(Linked):
    items: list[WebhookShape]


class WebhookIn(Sent):
    name: str = Field(min_length=1, max_length=60)
    url: str = Field(min_length=1, max_length=addresses.LONGEST, examples=["https://oss.jp/hook"])


@router.get(
    "/webhooks",
    response=WebhookList,
    auth=WEBHOOKS,
    by_alias=True,
    tags=_TAGS,
    url_name="webhooks",
    operation_id="list_webhooks",
    summary="通知先の一覧",
)
def list_webhooks(request):
    """All of them; there are only a few."""
    rows = request.auth.user.webhooks.order_by("-pk")
    return {"items": [_webhook(row) for row in rows], "_links": {}}


@router.post(
    "/webhooks",
    response={201: NewWebhookShape},
    auth=WEBHOOKS_ONCE,
    by_alias=True,
    tags=_TAGS,
    url_name="webhooks",
    operation_id="create_webhook",
    summary=str(Button.MAKE_WEBHOOK),
)
@once(201, NewWebhookShape, unkept="secret")
def create_webhook(request, body: WebhookIn):
    """It is told of what happens from now on. Keep `secret`: it is never shown again."""
    values = {"name": _read("name", body.name), "address": _read("url", body.url)}
    try:
        webhook, secret = endpoints.register(request.auth.user, **values, now=clock.now())
    except endpoints.SameAddress:
        raise Problem(
            "conflict",
            WebhookForm.SAME_ADDRESS,
            "There is a webhook with this address already.",
        ) from None
    except endpoints.TooManyWebhooks:
        most = settings.KOSS_WEBHOOKS_PER_USER
        raise Problem(
            "conflict",
            _("通知先は%(most)s件までです。") % {"most": most},
            f"At most {most} webhooks.",
        ) from None
    request.unkept = secret
    return {**_webhook(webhook), "secret": None}


@router.get(
    "/webhooks/{webhook_id}",
    response=WebhookShape,
    auth=WEBHOOKS,
    by_alias=True,
    tags=_TAGS,
    url_name="webhook",
    operation_id="read_webhook",
    summary="1件の通知先",
)
def read_webhook(request, webhook_id: Path[WebhookReference]):
    """How it stands."""
    row = request.auth.user.webhooks.filter(reference=webhook_id).first()
    if row is None:
        raise Problem("not_found")
    return _webhook(row)


@router.delete(
    "/webhooks/{webhook_id}",
    response={204: None},
    auth=WEBHOOKS,
    tags=_TAGS,
    url_name="webhook",
    operation_id="delete_webhook",
    summary=str(Button.DELETE_WEBHOOK),
)
def delete_webhook(request, webhook_id: Path[WebhookReference]):
    """With the record of what was sent there."""
    try:
        endpoints.delete(request.auth.user, webhook_id, now=clock.now())
    except endpoints.WebhookGone:
        raise Problem("not_found") from None
    return Status(204, None)


def _read(name, typed):
    """``typed`` as it is kept, or a Problem that says what is wrong with it."""
    column = Webhook._meta.get_field("address" if name == "url" else name)
    try:
        kept = str(addresses.read(typed)) if name == "url" else column.read(typed)
    except Unreadable as error:
        raise _invalid(name, error.about(column.verbose_name)) from error
    if not kept:
        raise _invalid(name, _("必要な項目がありません。"))
    return kept


def _invalid(name, sentence):
    english = f"This {name} cannot be taken."
    fault = Fault("invalid", str(sentence), english, pointer=faults.pointer(name))
    return Problem("invalid", faults=[fault])


def _webhook(row):
    ended = row.end and {"code": row.end, "label": str(row.get_end_display())}
    return {
        "id": row.reference,
        "name": row.name,
        "url": row.address,
        "state": {"code": row.state, "label": str(row.get_state_display())},
        "reason": ended or None,
        "created_at": localtime(row.made_at),
        "last_delivered_at": row.delivered_at and localtime(row.delivered_at),
        "_links": {"self": link("webhook", row.reference)},
    }
