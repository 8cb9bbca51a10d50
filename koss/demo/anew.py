"""The demo world made anew: everything that was done in it goes, and the clock is the machine's."""

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from applications.models import Office, Rate
from koss.demo import world
from koss.ground import clock
from payments.demo import payers
from payments.models import Credential, PaymentUser

# What was there before any demo world. Their links to one another stay with them.
_STAY = (ContentType, Permission, Group, Group.permissions.through, Office, Rate)


def check():
    """Raise NotHere where ``begin`` would: before anything outside the database is emptied."""
    if not settings.DEMO or not world.is_marked():
        raise world.NotHere("Only a demo world can begin anew.")


@transaction.atomic
def begin(*, keeping):
    """Empty the database and make the world as on its first day.

    The Credential ``keeping`` and its user stay, so that its program goes on. Raises NotHere
    outside demo mode, and for a database that was not made as a demo.
    """
    check()
    stay = {Credential: keeping.pk, PaymentUser: keeping.user_id}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model not in _STAY and model._meta.managed and not model._meta.proxy:
                _empty(cursor, model._meta.db_table, stay.get(model, 0))
    # The clock's own row is gone: what was held of it for this request counts no more.
    with clock.demo_offset_held():
        now = clock.now()
        world.load(now=now)
    mine = PaymentUser.objects.filter(pk=keeping.user_id, user_id=payers.PAYER)
    mine.update(password=payers.encoded(payers.PASSWORD), password_set_at=now)


def _empty(cursor, table, stays):
    """Delete all rows of ``table`` but that of the key ``stays`` (0: none).

    Links are checked when the transaction ends, so the order of tables does not matter.
    """
    where = f"WHERE id <> {int(stays)}" if stays else ""
    cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)} {where}")
