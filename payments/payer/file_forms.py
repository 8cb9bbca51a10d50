"""The まとめ納付管理ファイル that is handed in to be checked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koss.ground.forms import PlainMessages
from payments.labels import Screen
from payments.payer import batch_file


class BatchFileForm(PlainMessages, forms.Form):
    """まとめ納付管理ファイルの確認."""

    file = forms.FileField(label=Screen.BATCH_FILE, allow_empty_file=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        messages = self.fields["file"].error_messages
        messages["required"] = _("確認するファイルを選んでください。")
        messages["invalid"] = messages["missing"] = messages["required"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > batch_file.LARGEST:
            raise forms.ValidationError(_("16キロバイト以下のファイルを選んでください。"))
        return file.read()

    def refuse(self, reason):
        """Say beside the field why the file binds nobody."""
        self.add_error("file", reason.value)
