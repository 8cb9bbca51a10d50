"""パスワード初期化: a link, mailed to 利用者管理用メールアドレス, that sets a password once.

The only thing that lifts a lock after wrong passwords (よくあるご質問). The answer never tells
whether an ID exists.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django_tasks import task

from koss.access import passwords
from koss.ground import clock
from koss.mail import outbox
from payments.models import EventKind, PasswordReset, PaymentUser
from payments.payer import events, users
from payments.payer.letters import letter

LASTS = timedelta(minutes=30)
_PAUSE = timedelta(minutes=5)


class DeadLink(Exception):
    """This link was used, is too old, or never was one."""


class SamePassword(ValueError):
    """The new password is the current one."""


# Strangers can ask for as many as they like: after everything else.
@task(queue_name="resets", priority=-50)
def send(user_id, source):
    """``ask``, off the request: known and unknown IDs are answered in the same time."""
    ask(user_id, now=clock.now(), source=source)


def ask(user_id, *, now, source, by=""):
    """Mail the user of ``user_id`` a link; nothing where there is none. Returns whether it did.

    At most one mail in five minutes for an ID. ``by``: the member of staff who asks, "" when it
    is the user.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        user = PaymentUser.objects.select_for_update(no_key=True).filter(user_id=user_id).first()
        if user is None or user.resets.filter(made_at__gt=now - _PAUSE).exists():
            return False
        reset = PasswordReset.objects.create(
            user=user, digest=_digest(token), made_at=now, expires_at=now + LASTS
        )
        events.record(user, EventKind.RESET_SENT, now=now, source=source, by=by)
        link = settings.KOSS_ORIGIN.rstrip("/") + reverse("payments:reset_link", args=[token])
        minutes = LASTS // timedelta(minutes=1)
        sent = letter(user, "users/reset", reset.pk, sealed=True, link=link, minutes=minutes)
        outbox.put([sent], now=now)
    return True


def find(token, *, now):
    """The live PasswordReset behind a link's ``token``. Raises DeadLink."""
    live = PasswordReset.objects.filter(used_at=None, expires_at__gt=now)
    reset = live.select_related("user").filter(digest=_digest(token)).first()
    if reset is None:
        raise DeadLink
    return reset


def use(token, new_password, *, now, source=""):
    """Set ``new_password`` and lift the lock; returns the user. The link is dead then.

    So is every other link of the user, and every session. Raises DeadLink, SamePassword, Busy.
    """
    user = find(token, now=now).user
    if passwords.is_right(new_password, user.password):
        raise SamePassword
    encoded = passwords.encode(new_password)
    with transaction.atomic():
        PaymentUser.objects.select_for_update(no_key=True).get(pk=user.pk)
        user = users.set_password(find(token, now=now).user, encoded, now=now)
        user.resets.filter(used_at=None).update(used_at=now)
        passwords.forgive(users.LOCK_KIND, user.user_id)
        events.record(user, EventKind.RESET_DONE, now=now, source=source)
    return user


def forget_used_resets(business_date, *, now, chunk):
    """A step of the night: delete the links that nobody can use any more."""
    dead = PasswordReset.objects.filter(expires_at__lte=now).order_by("pk")
    while keys := list(dead.values_list("pk", flat=True)[:chunk]):
        deleted, _by_model = PasswordReset.objects.filter(pk__in=keys).delete()
        yield deleted


def _digest(token):
    return sha256(token.encode()).hexdigest()
