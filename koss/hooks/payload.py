"""What a message says: thin, the same as the feed of events, made anew for every try."""

import json

from django.utils import translation
from django.utils.timezone import localtime
from ninja.responses import NinjaJSONEncoder

from koss.api import shapes, showing

TEST = "webhook.test"
USER_AGENT = "koss-webhooks/1.0"


def body_of(delivery):
    """The body of a WebhookDelivery, as bytes. It comes with its event, as ``RELATED`` says.

    Nothing of it is kept: words are in Japanese, codes last, and every try says the same.
    """
    with translation.override("ja"):
        if delivery.event is None:
            said = {
                "type": TEST,
                "timestamp": localtime(delivery.made_at),
                "data": {"webhook": delivery.webhook.reference},
            }
        else:
            event = shapes.EventShape.model_validate(showing.event(delivery.event))
            data = event.model_dump(by_alias=True)
            said = {
                "type": f"application.{delivery.event.kind}",
                "timestamp": data["at"],
                "data": data,
            }
    # As the interface writes it, moments to the millisecond.
    written = json.dumps(said, cls=NinjaJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return written.encode()


RELATED = ("webhook", "event__application", "event__entry")


def message_id(delivery):
    """Its ``webhook-id``: the same in every try, so that a receiver can tell a second one."""
    return f"msg_{delivery.reference}"


def headers():
    """What every message carries beside the signature."""
    return {
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": USER_AGENT,
        "Connection": "close",
    }
