"""Model fields that many apps share."""

from django.db import models


class EnumField(models.CharField):
    """One member of ``enum`` (a TextChoices). Migrations see a plain CharField.

    So new members and other labels need no migration, and no label stands in one. ``choices`` in
    place of ``enum`` where what is empty has a label too.
    """

    def __init__(self, *args, enum=None, **kwargs):
        if enum is not None:
            kwargs["choices"] = enum.choices
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, "django.db.models.CharField", args, kwargs
