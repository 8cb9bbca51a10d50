"""Accounts of staff: who set a password, who may give roles, and who has to choose a new one.

An operator who knows the password of an account must not give it roles, or could make a
reviewer and decide as one. So a password that one member of staff sets for another takes the
account's roles away, must be changed at the next sign-in, and its setter cannot give roles there.
Superusers are those who have the machine: nothing in its own programs can hold them.
"""

from django.contrib.auth.models import Group, User
from django.db import transaction

from applications.staff.roles import Role
from koss.models import StaffEvent, StaffEventKind


def password_was_set(user, *, by, now):
    """``by`` gave ``user`` a password. Returns the names of the roles that this took away.

    Belongs into the transaction that sets it.
    """
    if user == by:
        _record(user, StaffEventKind.OWN_PASSWORD, by, now)
        return []
    _record(user, StaffEventKind.PASSWORD, by, now)
    if by.is_superuser:
        return []
    taken = list(Group.objects.filter(user=user, name__in=Role.values))
    user.groups.remove(*taken)
    return [role.label for role in Role if role in {group.name for group in taken}]


def chose_own_password(user, *, now):
    """``user`` replaced the own password."""
    _record(user, StaffEventKind.OWN_PASSWORD, user, now)


def roles_were_changed(user, *, by, now):
    """``by`` changed the roles of ``user``."""
    _record(user, StaffEventKind.ROLES, by, now, _names(user))


def must_change_password(user):
    """Whether somebody else set the password that ``user`` signs in with."""
    kinds = [StaffEventKind.PASSWORD, StaffEventKind.OWN_PASSWORD]
    newest = StaffEvent.objects.filter(user=user, kind__in=kinds).order_by("-pk").first()
    return newest is not None and newest.kind == StaffEventKind.PASSWORD


def may_give_roles(by, user):
    """Whether ``by`` may change the roles of ``user``, whose last set password another one gave."""
    if by.is_superuser:
        return True
    newest = (
        StaffEvent.objects.filter(user=user, kind=StaffEventKind.PASSWORD).order_by("-pk").first()
    )
    return newest is None or newest.by_id != by.pk


def _names(user):
    return " ".join(sorted(user.groups.values_list("name", flat=True)))


@transaction.atomic
def _record(user, kind, by, now, detail=""):
    # The account is locked, so that "the newest" is the same for everybody.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    StaffEvent.objects.create(user=user, kind=kind, by=by, at=now, detail=detail)
