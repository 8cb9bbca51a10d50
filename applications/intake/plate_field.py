"""The form field for a 車両番号."""

from django import forms

from applications.intake.plates import NotAPlate, read_plate
from koss.ground.form_fields import ReadField


class PlateField(ReadField):
    """In any spelling. ``max_length`` is the column's and says nothing about what is typed."""

    reader = staticmethod(read_plate)

    def __init__(self, *, max_length=None, **kwargs):
        super().__init__(**kwargs)

    def validate(self, value):
        """A form that has the field wants a plate, also where the column may be empty."""
        super().validate(value)
        if not value:
            try:
                self.reader("")
            except NotAPlate as error:
                raise forms.ValidationError(error.about(self.label)) from error
