"""What 申請一覧 is narrowed by, and how and in which language its news come."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.following.listing import Near, Search
from applications.models import Application
from applications.status import Procedure, Status
from koss.admin_kit import search as searching
from koss.ground.form_fields import LineField
from koss.ground.forms import PlainMessages
from payments.labels import Section

_EVERYTHING = [("", _("すべて"))]


def _name(field):
    return Application._meta.get_field(field).verbose_name


class ListForm(PlainMessages, forms.Form):
    """検索条件 of 申請一覧."""

    status = forms.ChoiceField(
        label=_name("status"), required=False, choices=_EVERYTHING + Status.choices
    )
    deadline = forms.ChoiceField(
        label=_name("deadline"), required=False, choices=_EVERYTHING + Near.choices
    )
    procedure = forms.ChoiceField(
        label=_name("procedure"), required=False, choices=_EVERYTHING + Procedure.choices
    )
    text = LineField(
        label=_("番号・名前で探す"),
        required=False,
        help_text=_(
            "受付番号、車両番号、車台番号、または申請者・使用者・所有者の名前の一部を入力してください。"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_text(self):
        typed = self.cleaned_data["text"]
        if fault := searching.fault_of(typed):
            raise forms.ValidationError(fault)
        return typed

    @property
    def search(self):
        """What is asked for, once the form is valid."""
        return Search(**self.cleaned_data)


class MorningMailForm(PlainMessages, forms.Form):
    """One mail for each change, or one in the morning."""

    way = forms.ChoiceField(
        label=Section.MORNING_MAIL,
        choices=[
            ("each", _("変わるたびに1通ずつ受け取る")),
            ("morning", _("朝に1通にまとめて受け取る")),
        ],
        widget=forms.RadioSelect,
    )


class MailLanguageForm(PlainMessages, forms.Form):
    """In which language mails come."""

    language = forms.ChoiceField(
        label=Section.MAIL_LANGUAGE, choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
