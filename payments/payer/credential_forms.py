"""What is typed about API keys on マイページ."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from koss.ground import request_keys
from koss.ground.form_fields import LineField
from koss.ground.forms import PlainMessages
from payments.models import Credential, Scope
from payments.payer import credentials

_OVERLAPS = {
    timedelta(): _("すぐに無効にする"),
    timedelta(days=1): _("1日後に無効にする"),
    timedelta(days=7): _("7日後に無効にする"),
    timedelta(days=30): _("30日後に無効にする"),
}


class _Pressed(PlainMessages, forms.Form):
    """A form whose press makes one key, however often it comes."""

    request_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = request_keys.fresh()

    def clean_request_key(self):
        return request_keys.read(self.cleaned_data["request_key"]) or None


class CredentialForm(_Pressed):
    """A new API key."""

    name = LineField(
        label=Credential._meta.get_field("name").verbose_name,
        max_length=60,
        help_text=_("どのシステムで使うキーかが分かる名前です。例：事務所の一括利用者システム"),
    )
    scopes = forms.MultipleChoiceField(
        label=Credential._meta.get_field("scopes").verbose_name,
        choices=Scope.offered,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("そのシステムに必要なものだけを選んでください。"),
        error_messages={
            "required": _("できることを一つ以上選んでください。"),
            "invalid_choice": _("できることを一覧から選んでください。"),
        },
    )

    field_order = ["name", "scopes", "request_key"]

    def clean_scopes(self):
        return [Scope(scope) for scope in self.cleaned_data["scopes"]]


class RotationForm(_Pressed):
    """A new key in the place of another."""

    overlap = forms.TypedChoiceField(
        label=_("いまのキーをどうしますか"),
        choices=[(each.days, _OVERLAPS[each]) for each in credentials.OVERLAPS],
        coerce=lambda days: timedelta(days=int(days)),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("いまのキーをどうするかを選んでください。"),
            "invalid_choice": _("いまのキーをどうするかを選んでください。"),
        },
    )

    field_order = ["overlap", "request_key"]
