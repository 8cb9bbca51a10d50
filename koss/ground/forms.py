"""The ground of every form on the portal: messages that name the field and say what to do."""

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koss.ground import dates

# Of any field that holds more than it may.
TOO_LONG = gettext_lazy("%(label)sは%(limit)s文字以内で入力してください。")


class DayInput(forms.DateInput):
    """The browser's calendar. What is no date stays as it was typed, in a field for text."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if not _is_day(context["widget"]["value"]):
            context["widget"]["type"] = "text"
        return context


def _is_day(text):
    try:
        return not text or parse_date(text) is not None
    except ValueError:  # such as 31 February
        return False


class DayField(forms.DateField):
    """A day of the portal's time, picked from the browser's calendar or typed."""

    widget = DayInput
    default_validators = [dates.require]
    default_error_messages = {"invalid": gettext_lazy("日付は2022-01-31のように入力してください。")}

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"], **kwargs)


class MomentField(forms.DateTimeField):
    """A moment of the portal's time."""

    default_validators = [dates.require]


class PlainMessages:
    """Mixin for forms, to stand before Django's own class."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            speak_plainly(field)


def speak_plainly(field):
    """Let the messages of ``field`` name it and say what to do; its own words for 必須 stay."""
    said = {"label": field.label}
    if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = _("%(label)sを入力してください。") % said
    field.validators = [_in_plain_words(each, said) for each in field.validators]


def _in_plain_words(validator, said):
    if isinstance(validator, ProhibitNullCharactersValidator):
        return ProhibitNullCharactersValidator(
            _("%(label)sに使用できない文字が入っています。") % said
        )
    if isinstance(validator, MaxLengthValidator):
        said = {**said, "limit": validator.limit_value}
        return MaxLengthValidator(validator.limit_value, TOO_LONG % said)
    return validator
