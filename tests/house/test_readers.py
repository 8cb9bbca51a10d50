"""Every text that people type is read by the reader of its kind (koss.ground.form_fields)."""

import importlib

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.test import RequestFactory
from django.test.utils import isolate_apps

from koss.ground.form_fields import NameField
from koss.ground.model_fields import NameColumn, _ReadColumn
from tests.house.sources import APPS, ROOT, python_files

# Columns that nobody types: the portal makes them, or they repeat what was read elsewhere.
MADE = {
    "koss": "key template receipt_number language last_error subject owner source shows handle"
    " proof shelf form address detail payer reference method path body answer",
    "applications": "payer bulk_id receipt_number password move by seconded_by request_key language"
    " names reference digest source fingerprint issuer name organisation serial number key"
    " media_type address_file preview_digest",
    "payments": "settlement_id agency_number payment_number bank done_by reference account_id"
    " bank_name branch_name refusal failure confirmation_number request_key hint key user_id"
    " bulk_id password bulk_password digest by source language names address answer",
    "qrcodes": "password registered_by frozen_by public_id lookup_key used_by"
    " issue_request_key use_request_key by papers_seen tail names",
}


def unread_columns(all_models):
    """Columns for text without choices that have neither a reader nor a place in MADE."""
    for model in all_models:
        made = MADE[model._meta.app_label].split()
        for column in model._meta.local_fields:
            is_text = isinstance(column, models.CharField | models.TextField)
            is_read = isinstance(column, _ReadColumn) or column.choices
            if is_text and not is_read and column.name not in made:
                yield f"{model.__name__}.{column.name}"


def unread_fields(form_classes):
    """Form fields for text without a reader; what is secret or hidden is not text of people."""
    for form in form_classes:
        for name, field in form.base_fields.items():
            is_plain = type(field) in (forms.CharField, forms.EmailField, forms.SlugField)
            is_secret = isinstance(field.widget, forms.PasswordInput | forms.HiddenInput)
            if is_plain and not is_secret:
                yield f"{form.__module__}.{form.__qualname__}.{name}"


def every_form(kind=forms.BaseForm):
    """Every form class of the house, declared anywhere below it."""
    for form in kind.__subclasses__():
        yield from every_form(form)
        top, _dot, rest = form.__module__.partition(".")
        if top in APPS and not rest.startswith("sandbox"):
            yield form


def admin_forms():
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_active=True)
    for model, site in admin.site._registry.items():
        if site.has_add_permission(request) or site.has_change_permission(request):
            yield site.get_form(request)
            if model is User:
                yield site.get_form(request, User(pk=1))


def test_every_column_that_people_fill_names_its_kind():
    house = [m for m in apps.get_models() if m._meta.app_label in MADE]

    assert sorted(unread_columns(house)) == []


def test_every_form_reads_what_is_typed():
    for path in python_files():
        if "sandbox" not in path.parts and path.name not in ("wsgi.py", "bootstrap.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            importlib.import_module(module.removesuffix(".__init__"))
    forms_of_the_house = [*every_form(), *admin_forms()]

    assert len(forms_of_the_house) > 25
    assert sorted(set(unread_fields(forms_of_the_house))) == []


class PlantedForm(forms.Form):
    name = forms.CharField()
    mail = forms.EmailField()
    read = NameField()
    secret = forms.CharField(widget=forms.PasswordInput)


@isolate_apps("applications")
def test_a_planted_column_and_field_are_found():
    class Planted(models.Model):
        memo = models.CharField("備考", max_length=10)
        read = NameColumn("氏名", max_length=10)

        class Meta:
            app_label = "applications"

        def __str__(self):
            return self.memo

    assert list(unread_columns([Planted])) == ["Planted.memo"]
    assert [name.rpartition(".")[2] for name in unread_fields([PlantedForm])] == ["name", "mail"]
