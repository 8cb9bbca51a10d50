"""The status page is shown as it was drawn only while nothing that it shows has changed."""

import re
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications.models import Application, HistoryEntry, Notice, PaperSearch
from applications.status_page import kept
from koss.ground import clock, drawn
from koss.models import OpenHandle
from payments.demo import payers
from payments.models import DebitOrder
from tests.races.crowd import client_of

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
OWN = re.compile(r'name="(csrfmiddlewaretoken|request_key)" value="[^"]*"')
# What a constraint holds where it is: another value can never be stored for these rows.
HELD = {
    "Application.bulk_id",
    "Application.payment_method",
    "Charge.kind",
    "HistoryEntry.version",
    "PaymentInformation.method",
    "PaymentInformation.withdrawal_accepted_at",
}


@pytest.fixture(autouse=True)
def _kept(monkeypatch):
    monkeypatch.setattr(drawn, "KEEPS", True)


@pytest.fixture
def application(an_application):
    """One that has rows in every table that its page reads."""
    made = an_application("検査手数料等まとめ払い中", payment_method="direct", numbered=True)
    attachment = made.attachments.first()
    PaperSearch.objects.get_or_create(attachment=attachment)
    Notice.objects.create(
        application=made, kind="announcement", agency="inspection_office", at=clock.now()
    )
    [charge, *_more] = made.charges.filter(amount__gt=0)
    information = charge.lines.get().information
    if not DebitOrder.objects.filter(information=information).exists():
        account = payers.account(information.user)
        DebitOrder.objects.create(information=information, account=account)
    return made


def another(value, field):
    """A value of the kind of ``field`` that ``value`` is not."""
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.JSONField):
        return ["x"] if value != ["x"] else ["y"]
    if isinstance(field, models.DateTimeField):
        return (value or datetime(2026, 1, 1, tzinfo=clock.JAPAN)) + timedelta(days=1)
    if isinstance(field, models.DateField):
        return (value or date(2026, 1, 1)) + timedelta(days=1)
    if isinstance(field, (models.IntegerField, models.DecimalField)):
        return (value or 0) + 1
    if field.choices:
        return next(choice for choice, _label in field.flatchoices if choice and choice != value)
    return "x" if value != "x" else "y"


def test_every_column_of_every_row_is_looked_at(application):
    before, unnoticed, held = kept.facts(application.pk), [], set()
    for model, those in kept.SHOWN.items():
        keys = f"SELECT id FROM {model._meta.db_table} WHERE {those}"
        with connection.cursor() as cursor:
            cursor.execute(f"{keys} ORDER BY id", [application.pk])
            [key] = cursor.fetchall()[0]
        for field in model._meta.concrete_fields:
            if field.primary_key or field.is_relation:
                continue
            name, row = f"{model.__name__}.{field.name}", models.QuerySet(model).filter(pk=key)
            held.add(name)
            with suppress(IntegrityError), transaction.atomic():
                value = another(row.values_list(field.name, flat=True)[0], field)
                row.update(**{field.name: value})
                held.discard(name)
                if kept.facts(application.pk) == before:
                    unnoticed.append(name)
                transaction.set_rollback(True)
    assert unnoticed == []
    assert held <= HELD
    assert kept.facts(application.pk) == before


@pytest.mark.parametrize("model", [Notice, HistoryEntry, PaperSearch])
def test_a_row_that_goes_is_noticed(application, model):
    before = kept.facts(application.pk)
    model.objects.all().delete()
    assert kept.facts(application.pk) != before


def test_the_page_reads_no_table_that_is_not_looked_at(application):
    client, page = client_of(application)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        client.get(page)
    known = {model._meta.db_table for model in kept.SHOWN} | {OpenHandle._meta.db_table}
    tables = {model._meta.db_table for model in apps.get_models()}
    read = {table for table in tables for query in seen if f'"{table}"' in query["sql"]}
    assert Application._meta.db_table in read
    assert read <= known


def test_it_is_the_page_that_would_be_drawn(application, django_assert_num_queries, monkeypatch):
    client, page = client_of(application)
    first = client.get(page).content.decode()
    with django_assert_num_queries(2):
        again = client.get(page)
    monkeypatch.setattr(drawn, "KEEPS", False)
    fresh = client.get(page).content.decode()

    texts = {OWN.sub("", text) for text in (first, again.content.decode(), fresh)}
    assert len(texts) == 1
    assert again["Cache-Control"] == "no-store"
    assert len({*OWN.finditer(first)}) == len({*OWN.finditer(fresh)})


def test_each_day_reader_and_address_has_a_page_of_its_own(an_application):
    client, page = client_of(an_application("検査申請補正待ち"))
    now = clock.at(clock.today() + timedelta(days=1), hour=12)
    client.get(page)
    english = client.get(page, headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="en"' in english
    client.cookies["text_size"] = "l"
    assert 'data-size="l"' in client.get(page).content.decode()
    assert Client().get(page).status_code == 302
    before = client.get(page).content.decode()
    with time_machine.travel(now, tick=False):
        OpenHandle.objects.update(seen_at=clock.system_now())
        assert OWN.sub("", client.get(page).content.decode()) != OWN.sub("", before)


def test_what_has_ended_is_not_shown(application):
    client, page = client_of(application)
    client.get(page)
    client.post(f"{page}end/")
    assert client.get(page).status_code == 302
