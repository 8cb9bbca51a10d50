"""The ground of every form on the portal: messages that name the field and say what to do."""

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Why a password is not even looked at, whoever it is that signs in. ``time``: from when on.
WAIT = gettext_lazy(
    "誤りが続いたため、しばらく受け付けられません。%(time)s以降にもう一度入力してください。"
)
SOURCE_SPENT = gettext_lazy("お使いの回線からの誤りが多いため、24時間ほど受け付けられません。")


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


class PlainMessages:
    """Mixin for forms, to stand before Django's own class."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            said = {"label": field.label}
            field.error_messages["required"] = _("%(label)sを入力してください。") % said
            field.validators = [_in_plain_words(each, said) for each in field.validators]


def _in_plain_words(validator, said):
    if isinstance(validator, ProhibitNullCharactersValidator):
        return ProhibitNullCharactersValidator(
            _("%(label)sに使用できない文字が入っています。") % said
        )
    if isinstance(validator, MaxLengthValidator):
        said = {**said, "limit": validator.limit_value}
        return MaxLengthValidator(
            validator.limit_value, _("%(label)sは%(limit)s文字以内で入力してください。") % said
        )
    return validator
