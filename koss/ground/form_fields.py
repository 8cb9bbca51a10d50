"""Form fields for what people type: one for each kind of text, each with its reader.

What the reader returns is what counts: its length is checked, it is kept, and a form that shows
the fields once more shows it.
"""

from functools import partial

from django import forms

from koss.ground import mail_addresses, numbers, text
from koss.ground.forms import TOO_LONG

_TYPED = {"autocomplete": "off", "spellcheck": "false"}
# Beyond this nothing is read.
_READ_AT_MOST = 20_000


class ReadField(forms.CharField):
    """``reader``: from what was typed to what is kept, raises ``text.Unreadable``."""

    reader = None

    def __init__(self, *, reader=None, **kwargs):
        super().__init__(strip=False, **kwargs)
        if reader:
            self.reader = reader

    def to_python(self, value):
        value = super().to_python(value)
        if not value.strip():
            return self.empty_value
        if len(value) > _READ_AT_MOST:
            said = {"label": self.label, "limit": self.max_length or _READ_AT_MOST}
            raise forms.ValidationError(TOO_LONG % said)
        try:
            kept = self.reader(value)
        except text.Unreadable as error:
            raise forms.ValidationError(error.about(self.label)) from error
        return self.empty_value if kept == "" else kept


class LineField(ReadField):
    """One line of free text."""

    reader = staticmethod(text.read_line)


class ReasonField(ReadField):
    """Free text of several lines."""

    reader = staticmethod(text.read_reason)
    widget = forms.Textarea


class NameField(ReadField):
    """The name of a person or a company."""

    reader = staticmethod(text.read_name)


class KanaField(ReadField):
    """フリガナ."""

    reader = staticmethod(text.read_kana)


class CodeField(ReadField):
    """Capitals, digits and hyphens."""

    reader = staticmethod(text.read_code)


class ChassisNumberField(CodeField):
    """車台番号."""

    reader = staticmethod(text.read_chassis_number)


class MailField(ReadField):
    """A mail address that can be sent to. ``own``: of the person who types it."""

    reader = staticmethod(mail_addresses.read_mail)
    widget = forms.EmailInput

    def __init__(self, *, own=False, **kwargs):
        # A browser's own check knows neither full-width signs nor the carriers' old addresses.
        widget = forms.TextInput(
            attrs={
                "inputmode": "email",
                "autocapitalize": "none",
                "autocomplete": "email" if own else "off",
                "spellcheck": "false",
            }
        )
        super().__init__(**{"max_length": 254, "widget": widget, **kwargs})


class NumberField(ReadField):
    """A number of the portal, in any spelling. ``reader``: of ``koss.ground.numbers``."""

    def __init__(self, **kwargs):
        attrs = {"inputmode": "numeric", **_TYPED}
        super().__init__(**{"widget": forms.TextInput(attrs=attrs), **kwargs})


class DigitsField(NumberField):
    """Exactly ``count`` digits."""

    def __init__(self, *, count, **kwargs):
        super().__init__(reader=partial(numbers.read_digits, count=count), **kwargs)
