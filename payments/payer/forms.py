"""What payment users type at the logins, and as passwords and details of themselves."""

import re

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.labels import Field as ApplicationField
from koss.access import password_rule
from koss.access.login_forms import BUSY, SOURCE_BUSY, TriedPassword, with_time
from koss.access.passwords import Verdict
from koss.ground import numbers
from koss.ground.form_fields import KanaField, MailField, NameField, ReadField
from koss.ground.forms import PlainMessages
from koss.ground.text import Unreadable
from payments.labels import Field
from payments.models import PaymentUser
from payments.payer import users

# More than any rule allows: a field that cuts off would change what somebody pasted.
_LONGEST_PASSWORD = 128
_USER_ID = re.compile(r"KN[A-Z]{2}[0-9]{4}", re.ASCII)
_TYPED = {"autocomplete": "off", "spellcheck": "false"}
_RULE = _("8～64文字で、英大文字、英小文字、数字、記号のうち2種類以上を使ってください。")


def read_user_id(typed):
    """A 納付利用者ID as it is kept, from however it was typed; Unreadable when it is none."""
    folded = numbers.fold(typed).upper()
    if not _USER_ID.fullmatch(folded):
        raise Unreadable(_("%(label)sは、KNで始まる英数字8文字で入力してください。"))
    return folded


class _UserIdField(ReadField):
    reader = staticmethod(read_user_id)

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"})
        super().__init__(label=Field.USER_ID, widget=widget, **kwargs)


def _password(label, autocomplete, **more):
    attributes = {"autocomplete": autocomplete, "spellcheck": "false"}
    return forms.CharField(
        label=label,
        max_length=_LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs=attributes),
        **more,
    )


class _Tried(PlainMessages, TriedPassword, forms.Form):
    """A form with the ID and the password of a payment user. ``tried``: the password's field."""

    refusals = {
        Verdict.WRONG: (200, _("納付利用者IDまたは納付利用者パスワードが正しくありません。")),
        Verdict.LOCKED: (
            403,
            _(
                "納付利用者パスワードはロックされています。"
                "パスワード初期化を行って、新しいパスワードを設定してください。"
            ),
        ),
    }

    user_id = _UserIdField()


class LoginForm(_Tried):
    """納付ログイン and マイページログイン."""

    password = _password(
        Field.USER_PASSWORD,
        "current-password",
        help_text=_("続けて%(times)s回誤るとロックされ、パスワード初期化が必要になります。"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.help_text = field.help_text % {"times": settings.KOSS_LOCK_AFTER}


class _Twice(forms.Form):
    """A new password, typed twice. ``not_this``: what it must not equal."""

    new_password = _password(Field.NEW_PASSWORD, "new-password", help_text=_RULE)
    new_password_again = _password(Field.NEW_PASSWORD_AGAIN, "new-password")

    not_this = ()

    def clean(self):
        typed = super().clean()
        check_twice(self, "new_password", self.not_this)
        return typed

    def say_same(self):
        """The new password is the one that is in use."""
        self.add_error("new_password", _("いまと異なるパスワードを入力してください。"))

    def say_busy(self):
        """Every place at the hasher was taken: nothing was changed."""
        self.add_error(None, BUSY)


def check_twice(form, name, not_this=()):
    """Hold the password in the field ``name`` against the rule, and against the one again."""
    typed = form.cleaned_data
    if name in typed:
        for fault in password_rule.faults_of(typed[name], not_this=not_this):
            form.add_error(name, fault)
    first, again = typed.get(name), typed.get(f"{name}_again")
    if first is not None and again is not None and first != again:
        form.add_error(f"{name}_again", _("二つのパスワードが一致していません。"))


class PasswordChangeForm(_Twice, _Tried):
    """パスワード変更 (【画面申請】まとめ納付管理ファイルの取得手順, 4)."""

    tried = "current_password"
    field_order = ("user_id", "current_password", "new_password", "new_password_again")

    current_password = _password(Field.CURRENT_PASSWORD, "current-password")

    def clean(self):
        self.not_this = (self.cleaned_data.get("user_id"),)
        typed = super().clean()
        new = typed.get("new_password")
        if new is not None and new == typed.get("current_password"):
            self.say_same()
        return typed

    def say_stale(self):
        """Another change was faster: what was typed as the current password is so no more."""
        self.add_error(
            self.tried, _("パスワードは先ほど変更されました。新しいパスワードを入力してください。")
        )


class NewPasswordForm(PlainMessages, _Twice):
    """A new password where the old one is not asked for: パスワード初期化, of either ID."""

    def __init__(self, *args, not_this=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.not_this = not_this


class ResetForm(PlainMessages, forms.Form):
    """パスワード初期化: whose."""

    user_id = _UserIdField()

    def say_too_many(self, retry_at):
        """This source asked for too much of late: nothing was asked for."""
        self.add_error(None, with_time(SOURCE_BUSY, retry_at))


class DetailsForm(PlainMessages, forms.Form):
    """利用者情報: what a user says about itself, and may change later (よくあるご質問)."""

    name = NameField(
        label=Field.NAME_OR_COMPANY,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    name_kana = KanaField(
        label=Field.NAME_OR_COMPANY_KANA,
        max_length=100,
        widget=forms.TextInput(attrs=_TYPED),
        help_text=_("全角カタカナで入力してください。"),
    )
    representative = NameField(
        label=Field.REPRESENTATIVE,
        max_length=100,
        widget=forms.TextInput(attrs=_TYPED),
        required=False,
        help_text=_("会社・団体のときに入力してください。"),
    )
    admin_email = MailField(
        own=True,
        label=Field.ADMIN_EMAIL,
        help_text=_("利用者IDとパスワードについてのお知らせを送ります。"),
    )
    status_email = MailField(
        own=True,
        label=ApplicationField.STATUS_EMAIL,
        help_text=_("申請の状況が変わったときのお知らせを送ります。"),
    )

    def rows(self):
        """(label, what was typed) of each field, to be looked at once more."""
        return [
            (field.label, self.cleaned_data[name] or "-")
            for name, field in self.fields.items()
            if not field.widget.is_hidden
        ]


class ChangeDetailsForm(DetailsForm):
    """利用者情報変更. ``seen``: the ``users.mark`` of what it was filled with."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    @classmethod
    def of(cls, user):
        """The form filled with the details of ``user``."""
        names = [name for name in cls.base_fields if name != "seen"]
        facts = {name: getattr(user, name) for name in names}
        return cls(initial=facts | {"seen": users.mark(user)})

    def is_as_before(self, user):
        """Whether nothing that was typed differs from what ``user`` is."""
        return all(getattr(user, name) == value for name, value in self.details().items())

    def say_as_before(self):
        """There is nothing to change."""
        self.add_error(None, _("変わった項目がありません。変える項目を入力し直してください。"))

    def details(self):
        """What is to be changed."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class FirstPasswordsForm(PlainMessages, forms.Form):
    """利用者IDの発行: the passwords, and whether a 一括利用者ID is wanted."""

    password = _password(Field.USER_PASSWORD, "new-password", help_text=_RULE)
    password_again = _password(_("納付利用者パスワード（確認用）"), "new-password")
    bulk = forms.BooleanField(
        label=_("一括利用者IDも発行する"),
        required=False,
        help_text=_(
            "一括利用者システムから申請するときに必要です。専用のパスワードを決めてください。"
        ),
    )
    bulk_password = _password(
        PaymentUser._meta.get_field("bulk_password").verbose_name,
        "new-password",
        required=False,
        help_text=_RULE,
    )
    bulk_password_again = _password(
        _("一括利用者パスワード（確認用）"), "new-password", required=False
    )

    def clean(self):
        typed = super().clean()
        check_twice(self, "password")
        if not typed.get("bulk"):
            self._refuse_forgotten_tick()
            return typed
        # The two are asked for only beside the tick, so the fields themselves cannot.
        for name in ("bulk_password", "bulk_password_again"):
            if typed.get(name) == "":
                field = self.fields[name]
                self.add_error(name, field.error_messages["required"])
        check_twice(self, "bulk_password")
        return typed

    def _refuse_forgotten_tick(self):
        """A password for an ID that would not be issued: no screen issues one later."""
        if self.cleaned_data.get("bulk_password"):
            self.add_error(
                "bulk_password",
                _("「%(bulk)s」が選ばれていません。発行しないときは、この欄を空にしてください。")
                % {"bulk": self.fields["bulk"].label},
            )

    def passwords(self):
        """The arguments of ``users.issue``."""
        typed = self.cleaned_data
        bulk = typed["bulk_password"] if typed["bulk"] else None
        return {"password": typed["password"], "bulk_password": bulk}

    def say_busy(self):
        """Every place at the hasher was taken: nothing was issued."""
        self.add_error(None, BUSY)

    def say_too_many(self):
        """As many IDs were issued to this source as may be within a day."""
        self.add_error(None, _("お使いの回線からの発行が多いため、24時間ほど受け付けられません。"))
