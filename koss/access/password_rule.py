"""Which passwords may be chosen."""

import string

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST, LONGEST = 8, 64
_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
_TYPEABLE = frozenset(map(chr, range(0x20, 0x7F)))
_common = CommonPasswordValidator()


def slip_of(password):
    """What no password of this portal has, as a Japanese sentence, or ""."""
    if not _TYPEABLE.issuperset(password):
        return _(
            "パスワードに使えるのは半角の英字、数字、記号です。"
            "全角の文字が入っていないか、日本語入力がオンになっていないかを確かめてください。"
        )
    if password != password.strip():
        return _("パスワードの前後に空白が入っています。空白を除いて入力してください。")
    return ""


def faults_of(password, *, not_this=()):
    """What is wrong with ``password`` as a new one: Japanese sentences, none when it is good.

    ``not_this``: what it must not equal, such as the ID or name that it belongs to.
    """
    faults = [slip] if (slip := slip_of(password)) else []
    if not SHORTEST <= len(password) <= LONGEST:
        faults.append(
            _("パスワードは%(shortest)s文字以上%(longest)s文字以内で入力してください。")
            % {"shortest": SHORTEST, "longest": LONGEST}
        )
    if len({_kind(character) for character in password}) < 2:
        faults.append(_("英大文字、英小文字、数字、記号のうち、2種類以上を組み合わせてください。"))
    if password in not_this:
        faults.append(_("名前やIDと同じパスワードは使用できません。"))
    if _is_common(password):
        faults.append(_("推測されやすいパスワードは使用できません。"))
    return faults


class TypeableValidator:
    """The same for the passwords of staff, in Django's list of validators."""

    def validate(self, password, user=None):
        if slip := slip_of(password):
            raise ValidationError(slip)

    def get_help_text(self):
        return _("半角の英字、数字、記号を使ってください。")


def _kind(character):
    return next((kind for kind in _KINDS if character in kind), None)


def _is_common(password):
    try:
        _common.validate(password)
    except ValidationError:
        return True
    return False
