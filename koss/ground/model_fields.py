"""Columns for what people type: each names the form field, and so the reader, of its kind.

For a database they are Django's own columns, and so they are in migrations.
"""

from django.db import models

from koss.ground import form_fields as fields
from koss.ground import text
from koss.ground.forms import TOO_LONG


def rows_with(column, *more, name):
    """An index of the rows in which ``column`` is not NULL, where that is so of few."""
    return models.Index(
        fields=[column, *more], name=name, condition=models.Q(**{f"{column}__isnull": False})
    )


class _ReadColumn:
    """``form_field``: the class in ``koss.ground.form_fields`` that reads this kind."""

    form_field = None
    kept_as = models.CharField

    def read(self, typed):
        """What is kept of ``typed``, or ``text.Unreadable``; "" stays."""
        return self.form_field.reader(typed) if typed else ""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": self.form_field, **kwargs})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.kept_as.__name__}", args, kwargs


class LineColumn(_ReadColumn, models.CharField):
    form_field = fields.LineField


class ReasonColumn(_ReadColumn, models.TextField):
    form_field = fields.ReasonField
    kept_as = models.TextField


class ReasonLineColumn(_ReadColumn, models.CharField):
    """A reason whose length the database limits."""

    form_field = fields.ReasonField


class NameColumn(_ReadColumn, models.CharField):
    form_field = fields.NameField


class KanaColumn(_ReadColumn, models.CharField):
    form_field = fields.KanaField


class CodeColumn(_ReadColumn, models.CharField):
    form_field = fields.CodeField


class ChassisNumberColumn(_ReadColumn, models.CharField):
    form_field = fields.ChassisNumberField


class MailColumn(_ReadColumn, models.CharField):
    form_field = fields.MailField
    kept_as = models.EmailField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 254, **kwargs})


class Unfit(ValueError):
    """Values that cannot be kept. ``faults``: name of the field → sentence for people."""

    def __init__(self, faults):
        super().__init__("; ".join(faults.values()))
        self.faults = faults


def read_all(model, values):
    """``values`` (name of a field → what was typed) as they are kept. Raises Unfit.

    Fields of other kinds, and values that are no text, pass as they are.
    """
    kept, faults = dict(values), {}
    for name, value in values.items():
        column = model._meta.get_field(name)
        if not isinstance(column, _ReadColumn) or not isinstance(value, str):
            continue
        try:
            kept[name] = column.read(value)
        except text.Unreadable as error:
            faults[name] = error.about(column.verbose_name)
            continue
        if column.max_length and len(kept[name]) > column.max_length:
            said = {"label": column.verbose_name, "limit": column.max_length}
            faults[name] = TOO_LONG % said
    if faults:
        raise Unfit(faults)
    return kept
