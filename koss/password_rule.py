"""Which passwords may be chosen (product.md "password rule")."""

import string

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST, LONGEST = 8, 64
_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
_common = CommonPasswordValidator()


def faults_of(password, *, not_this=()):
    """What is wrong with ``password`` as a new one: Japanese sentences, none when it is good.

    ``not_this``: what it must not equal, such as the ID or name that it belongs to.
    """
    faults = []
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


def _kind(character):
    return next((kind for kind in _KINDS if character in kind), None)


def _is_common(password):
    try:
        _common.validate(password)
    except ValidationError:
        return True
    return False
