"""What a payer chooses on 納付手続."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koss.ground.forms import PlainMessages
from payments import banks
from payments.labels import Field


class BankForm(PlainMessages, forms.Form):
    """情報リンク方式: to which bank."""

    bank = forms.ChoiceField(label=Field.BANK_CODE, widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choose = _("金融機関を選んでください。")
        field = self.fields["bank"]
        field.choices = banks.current().BANKS.items()
        field.error_messages |= {"required": choose, "invalid_choice": choose}
