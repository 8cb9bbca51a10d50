"""Who among staff does what: roles are Django groups, and each lends its user an actor.

A superuser sees everything, but moves an application only through a role like everybody else.
"""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import CounterDesk
from applications.status import Actor


class Role(models.TextChoices):
    """The values are the names of the groups."""

    REVIEWER = "reviewer", _("審査担当")
    TAX_OFFICE = "tax_office", Actor.TAX_OFFICE.label
    COUNTER = "counter", _("窓口")
    OPERATOR = "operator", _("運用")


_ACTORS = {
    Role.REVIEWER: Actor.REVIEWER,
    Role.TAX_OFFICE: Actor.TAX_OFFICE,
    Role.COUNTER: Actor.COUNTER,
}
ALL_OFFICES = {Role.REVIEWER, Role.TAX_OFFICE}


@dataclass(frozen=True, slots=True)
class Duties:
    """What a member of staff is there for. ``office_id``: of the counter desk, if there is one."""

    roles: frozenset
    office_id: int | None = None
    sees_everything: bool = False

    @property
    def actors(self):
        return frozenset(_ACTORS[role] for role in self.roles if role in _ACTORS)


def duties_of(user):
    """The duties of ``user``, read once per request as Django does with permissions."""
    if not hasattr(user, "_koss_duties"):
        user._koss_duties = _read_duties(user)
    return user._koss_duties


def actors_of(user):
    """As which actors ``user`` may move applications at all."""
    return duties_of(user).actors


def actors_on(user, application):
    """As which actors ``user`` may move this application: the counter only its own office's."""
    duties = duties_of(user)
    if application.office_id == duties.office_id:
        return duties.actors
    return duties.actors - {Actor.COUNTER}


def in_reach_of(user, path=""):
    """Condition for the applications that ``user`` may see.

    ``path``: the lookup from the filtered rows to their application, ending in ``__``.
    """
    duties = duties_of(user)
    if duties.sees_everything or duties.roles & ALL_OFFICES:
        return Q()
    if Role.COUNTER in duties.roles and duties.office_id:
        return Q(**{f"{path}office": duties.office_id})
    return Q(pk__in=[])


def _read_duties(user):
    if not user.is_active:
        return Duties(frozenset())
    names = user.groups.values_list("name", flat=True)
    roles = frozenset(Role(name) for name in names if name in Role.values)
    office_id = None
    if Role.COUNTER in roles:
        desk = CounterDesk.objects.filter(user=user).values_list("office_id", flat=True)
        office_id = desk.first()
    return Duties(roles, office_id, sees_everything=user.is_superuser)
