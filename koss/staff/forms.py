"""What staff type about themselves and each other: logins, passwords, roles."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.forms import ReadOnlyPasswordHashWidget, UserChangeForm
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _

from applications.staff.roles import Role
from koss.access import password_rule
from koss.ground.form_fields import MailField, NameField


class StaffLoginForm(AdminAuthenticationForm):
    """Django's, but what nobody can have is neither looked up nor counted as a try.

    The page says what is missing, as every other does, and not the browser in words of its own.
    """

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.validators.append(MaxLengthValidator(name.max_length))

    def clean_password(self):
        """A slip of typing is said; Django looks up no name without a password."""
        password = self.cleaned_data["password"]
        if slip := password_rule.slip_of(password):
            raise forms.ValidationError(slip + _("この入力は誤りとして数えていません。"))
        return password


class OwnPasswordForm(AdminPasswordChangeForm):
    """A new password of one's own, which is not the one that is in use."""

    def clean_new_password1(self):
        new = self.cleaned_data["new_password1"]
        if self.user.check_password(new):
            raise forms.ValidationError(_("いまと異なるパスワードを入力してください。"))
        return new


class PasswordLink(ReadOnlyPasswordHashWidget):
    """Django's, with the address that its template asks for."""

    def get_context(self, name, value, attrs):
        return {**super().get_context(name, value, attrs), "password_url": "../password/"}


class StaffChangeForm(UserChangeForm):
    """An account. ``may_give_roles``: whether the user of the form may change the roles."""

    class Meta(UserChangeForm.Meta):
        field_classes = {
            **UserChangeForm.Meta.field_classes,
            "last_name": NameField,
            "first_name": NameField,
            "email": MailField,
        }

    may_give_roles = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "password" in self.fields:  # somebody who may only look has no field
            self.fields["password"].widget = PasswordLink()

    def clean_groups(self):
        groups = self.cleaned_data["groups"]
        names = {group.name for group in groups}
        if set(groups) == set(self.instance.groups.all()):
            return groups
        if not self.may_give_roles:
            raise forms.ValidationError(
                _(
                    "この職員のパスワードはあなたが設定しました。役割は、ほかの運用担当が付けてください。"
                )
            )
        if Role.OPERATOR in names and len(names) > 1:
            raise forms.ValidationError(
                _("「%(operator)s」は役割を付ける側のため、ほかの役割と兼ねることはできません。")
                % {"operator": Role.OPERATOR.label}
            )
        return groups
