"""A set of applications by the bulk interface, against the database's own bulk load of its rows.

The load writes what was found before: it hashes no password, checks no signature and asks no rule,
so it is quicker by orders of magnitude, and the goal of 400 only tells when a row becomes dearer.
The second baseline adds what no other way could leave out, the hash of each password, which is
slow on purpose: what the house adds to both shall be no more than twice that.
"""

import json
import secrets
from contextlib import contextmanager
from functools import partial
from unittest import mock

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test import override_settings

from applications.models import Application, ItemState, Submission
from applications.signatures import fetching
from koss.bulk import sets
from tests.api.callers import owner
from tests.api.rows import PASSWORD, row, sign
from tests.practice import Network, home

# As many as a set of an office has; the interface takes a thousand at most.
_ROWS = 100


def set_of_applications(*, hashed=False):
    """Both are rolled back. By the interface: received, every row judged, hashed and taken in."""
    return partial(_both, hashed)


def _both(hashed):
    with _practice():
        caller = owner()
        rows = sign(caller, [row(f"B-{place}") for place in range(_ROWS)])
        body = json.dumps({"applications": rows}).encode()

        def by_interface():
            with transaction.atomic():
                _send(caller, body)
                transaction.set_rollback(True)

        loaded = _written_by(lambda: _send(caller, body))

        def by_bulk_load():
            for _ in range(_ROWS if hashed else 0):
                make_password(PASSWORD)
            with transaction.atomic():
                for table, columns, those in loaded:
                    _load(table, columns, those)
                transaction.set_rollback(True)

        yield by_interface, by_bulk_load


def _send(caller, body):
    answer = caller.post("applications", body, **{"Idempotency-Key": secrets.token_hex(8)})
    if answer.status_code != 202:
        raise RuntimeError(answer.text)
    submission = Submission.objects.get(number=answer.json()["send_number"])
    sets.work(submission)
    if sets.counts(submission)[ItemState.TAKEN_IN] != _ROWS:
        raise RuntimeError("not every row became an application")


@contextmanager
def _practice():
    with (
        override_settings(DEMO=True, DATA_DIR=home(), ALLOWED_HOSTS=["testserver"]),
        mock.patch.object(fetching, "fetch", Network().fetch),
    ):
        yield


def _written_by(act):
    """[(table, columns, rows)] of all that ``act`` writes; it is rolled back."""
    models = [model for model in apps.get_models() if model._meta.managed]
    with transaction.atomic():
        before = {
            model: set(model.objects.values_list("pk", flat=True)) for model in _small(models)
        }
        last = {model: _last(model) for model in models if model not in before}
        act()
        written = []
        for model in models:
            keys = model.objects.values_list("pk", flat=True)
            if model in before:
                new = set(keys) - before[model]
            else:
                new = set(keys.filter(pk__gt=last[model]))
            if new:
                written.append(_rows_of(model, sorted(new)))
        transaction.set_rollback(True)
    if not any(table == Application._meta.db_table for table, _columns, _rows in written):
        raise RuntimeError("no application was written")
    return written


def _small(models):
    """Those whose keys are no numbers that count up."""
    return [model for model in models if not isinstance(_last(model), int)]


def _last(model):
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or (
        0 if model._meta.pk.get_internal_type().endswith("AutoField") else None
    )


def _rows_of(model, keys):
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in model._meta.concrete_fields]
    table, key = model._meta.db_table, quote(model._meta.pk.column)
    places = ", ".join(["%s"] * len(keys))
    keys = [model._meta.pk.get_db_prep_value(key, connection) for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {quote(table)} WHERE {key} IN ({places})", keys
        )
        return table, columns, cursor.fetchall()


def _load(table, columns, rows):
    """COPY on PostgreSQL; on SQLite one prepared statement for all rows."""
    into = f"{connection.ops.quote_name(table)} ({', '.join(columns)})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", rows)
            return
        with cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for each in rows:
                copy.write_row(each)
