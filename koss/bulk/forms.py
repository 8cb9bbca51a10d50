"""What is handed in on マイページ: a CSV file, and the signatures under it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koss.bulk import columns, signing
from koss.ground import sealing
from koss.ground.forms import PlainMessages


class CsvForm(PlainMessages, forms.Form):
    """The file with the applications. ``rows``: what it holds."""

    file = forms.FileField(
        label=_("CSVファイル"),
        allow_empty_file=True,
        help_text=_("ひな形に書き込んだファイルです。100件、512キロバイトまで。"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["required"] = _("CSVファイルを選んでください。")

    def clean_file(self):
        try:
            return columns.read(self.cleaned_data["file"].read(columns.LARGEST + 1))
        except columns.NotAFile as error:
            raise forms.ValidationError(error.sentence) from error


class SendForm(PlainMessages, forms.Form):
    """The rows that were looked at, sealed by the portal, and the signatures under them."""

    sealed = forms.CharField(widget=forms.HiddenInput)
    signatures = forms.FileField(
        label=_("署名のZIPファイル"),
        allow_empty_file=True,
        help_text=_("署名する文の一つ一つに署名して、できたファイルをZIPにまとめたものです。"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signatures"].error_messages["required"] = _(
            "署名のZIPファイルを選んでください。"
        )

    def clean_signatures(self):
        file = self.cleaned_data["signatures"]
        if file.size > signing.LARGEST:
            raise forms.ValidationError(_("4メガバイト以下のファイルを選んでください。"))
        return file.read()


def seal(rows):
    """``rows`` as text that only this portal opens, to travel in a page."""
    salt = sealing.new_salt()
    return f"{salt.hex()}.{sealing.seal({'rows': rows}, salt).hex()}"


def opened(sealed):
    """What ``seal`` was given, or None."""
    salt, _dot, rest = sealed.partition(".")
    try:
        answers = sealing.open_sealed(bytes.fromhex(rest), bytes.fromhex(salt))
    except (ValueError, sealing.SealBroken):
        return None
    return answers.get("rows")
