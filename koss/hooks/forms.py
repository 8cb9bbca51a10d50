"""What is typed about webhooks on マイページ."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koss.ground import request_keys
from koss.ground.form_fields import LineField, ReadField
from koss.ground.forms import PlainMessages
from koss.hooks import addresses
from payments.models import Webhook


def _read(typed):
    return str(addresses.read(typed))


class PressForm(PlainMessages, forms.Form):
    """A press that makes one secret, however often it comes."""

    request_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = request_keys.fresh()

    def clean_request_key(self):
        return request_keys.read(self.cleaned_data["request_key"]) or None


class WebhookForm(PressForm):
    """A new webhook."""

    SAME_ADDRESS = _("このアドレスの通知先は、すでにあります。")

    name = LineField(
        label=Webhook._meta.get_field("name").verbose_name,
        max_length=60,
        help_text=_("どのシステムへの通知かが分かる名前です。例：事務所の一括利用者システム"),
    )
    address = ReadField(
        label=Webhook._meta.get_field("address").verbose_name,
        max_length=addresses.LONGEST,
        reader=_read,
        help_text=_("https:// で始まる、インターネットに公開されたアドレスです。"),
        widget=forms.TextInput(
            attrs={
                "inputmode": "url",
                "autocapitalize": "none",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )

    field_order = ["name", "address", "request_key"]
