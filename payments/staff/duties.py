"""Who among staff acts upon payments. Seeing them is a matter of permissions (applications.roles).

A superuser sees everything, and acts only through a role like everybody else.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied

from applications.staff import roles


def may_act(user):
    """Lock and initialise payment users, and close refunds."""
    return roles.Role.OPERATOR in roles.duties_of(user).roles


def may_see_report(user):
    return may_act(user) or roles.duties_of(user).sees_everything


def acting(view):
    """Refuse a method of an admin to everybody who may not act."""

    @wraps(view)
    def guarded(admin, request, *args, **kwargs):
        if not may_act(request.user):
            raise PermissionDenied
        return view(admin, request, *args, **kwargs)

    return guarded
