"""Programs that call the bulk interface: each with a 一括利用者ID and an API key of its own."""

import json

from django.test import Client

from koss.ground import clock
from payments.demo import payers
from payments.models import Scope
from payments.payer import credentials

OTHER = "KNZZ0001"
OTHER_BULK = "KIZZ0001"
V1 = "/api/v1/"


class Caller:
    """``key`` "" calls without any."""

    def __init__(self, user=None, scopes=tuple(Scope)):
        self.user, self.key, self.credential = user, "", None
        if user:
            self.credential, self.key = credentials.make(
                user, name="一括利用者システム", scopes=scopes, now=clock.now()
            )
        bearer = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        self._client = Client(headers=bearer, raise_request_exception=False)

    def get(self, path, **headers):
        return self._client.get(V1 + path, headers=headers)

    def post(self, path, body=None, **headers):
        """``body``: what JSON can hold, or bytes as they are."""
        return self.send("post", path, body, **headers)

    def send(self, method, path, body=None, content_type="application/json", **headers):
        if not isinstance(body, bytes):
            body = b"" if body is None else json.dumps(body).encode()
        return getattr(self._client, method)(
            V1 + path, body, content_type=content_type, headers=headers
        )


def owner(*scopes):
    """A caller of the demo's own payment user."""
    user = payers.payment_user(bulk_id=payers.BULK_ID)
    if not user.bulk_id:  # made on the way, for paying alone
        user.bulk_id = payers.BULK_ID
        user.save(update_fields=["bulk_id"])
    return Caller(user, scopes or tuple(Scope))


def stranger(*scopes):
    """A caller of another one."""
    user = payers.payment_user(OTHER, bulk_id=OTHER_BULK)
    return Caller(user, scopes or tuple(Scope))
