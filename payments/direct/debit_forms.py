"""ダイレクト納付対象検索, and when to debit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koss.ground.forms import PlainMessages
from payments.batches import choosing
from payments.batches.forms import TargetsForm
from payments.direct import debits
from payments.labels import Column, Field
from payments.models import AccountState, DirectAccount, NumberKind


def usable_accounts(user):
    """The accounts of ``user`` that a debit can be ordered from."""
    return DirectAccount.objects.filter(user=user, state=AccountState.ACTIVE).order_by("pk")


class DirectForm(TargetsForm):
    """検索条件 of ダイレクト納付: only what the chosen account can pay is found."""

    field_order = ("account", "procedure", "kind", "due_from", "due_to", "receipt_number")

    account = forms.ChoiceField(
        label=Column.ACCOUNT_ID,
        help_text=_(
            "国庫金の口座では手数料と自動車重量税を、地方税の口座では環境性能割を納付できます。"
        ),
    )

    def __init__(self, *args, accounts, **kwargs):
        super().__init__(*args, **kwargs)
        self.accounts = {account.account_id: account for account in accounts}
        choose = _("引き落とす口座を選んでください。")
        field = self.fields["account"]
        field.choices = [(key, account_words(each)) for key, each in self.accounts.items()]
        field.error_messages |= {"required": choose, "invalid_choice": choose}

    def clean(self):
        cleaned = super().clean()
        account, kind = self.accounts.get(cleaned.get("account")), cleaned.get("kind")
        if account and kind and NumberKind(kind) not in debits.kinds_of(account.kind):
            self.add_error("kind", _("選んだ口座では、この税・手数料を納付できません。"))
        return cleaned

    @property
    def chosen_account(self):
        """The account to debit, once the form is valid."""
        return self.accounts[self.cleaned_data["account"]]

    @property
    def search(self):
        conditions = {name: v for name, v in self.cleaned_data.items() if name != "account"}
        return choosing.TargetSearch(**conditions)


class TimeForm(PlainMessages, forms.Form):
    """When to debit."""

    AT_ONCE, ON_DUE_DATE = "at_once", "due_date"

    when = forms.ChoiceField(
        label=Field.DEBIT_TIME,
        choices=[(ON_DUE_DATE, _("納付期限の日に引き落とす")), (AT_ONCE, _("すぐに引き落とす"))],
        initial=ON_DUE_DATE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choose = _("引き落としの時期を選んでください。")
        self.fields["when"].error_messages |= {"required": choose, "invalid_choice": choose}


def account_words(account):
    """An account in one line: its ID, what it pays, where it lies, its last digits."""
    return " ".join(
        [
            f"{account.account_id}（{account.get_kind_display()}）",
            account.bank_name,
            account.branch_name,
            account.get_account_type_display(),
            "*" * 4 + account.account_number[-3:],
        ]
    )
