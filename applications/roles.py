"""Who among staff does what: roles are Django groups, and each lends its user an actor.

A superuser sees everything, but moves an application only through a role like everybody else.
"""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
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
_ALL_OFFICES = {Role.REVIEWER, Role.TAX_OFFICE}

_CASE = {
    "applications.application": "view",
    "applications.attachment": "view",
    "applications.charge": "view",
    "applications.historyentry": "view",
    "applications.notice": "view",
    "applications.office": "view",
    "applications.rate": "view",
}
_OFFICE_WORK = _CASE | {
    "koss.outgoingmail": "view",
    "payments.paymentinformation": "view",
    "payments.paymentline": "view",
    "payments.refund": "view",
    "payments.settlementnotice": "view",
}
# Money and who pays it; the applications behind it belong to the offices.
_PAYMENTS = {
    "payments.debitorder": "view",
    "payments.directaccount": "view",
    "payments.passwordreset": "view",
    "payments.paymentinformation": "view",
    "payments.paymentuser": "view",
    "payments.refund": "view",
    "payments.settlementnotice": "view",
    "payments.userevent": "view",
}
_RECEIVERS = {
    "qrcodes.code": "view",
    "qrcodes.look": "view",
    "qrcodes.receiver": "view",
    "qrcodes.receiverevent": "view",
}
# Role → model → what its members may do with it in the admin, beside what the screen forbids all.
PERMISSIONS = {
    Role.REVIEWER: _OFFICE_WORK,
    Role.TAX_OFFICE: _OFFICE_WORK,
    Role.COUNTER: _CASE | _RECEIVERS | {"qrcodes.pickup": "view"},
    Role.OPERATOR: _RECEIVERS
    | _PAYMENTS
    | {
        "admin.logentry": "view",
        "applications.counterdesk": "view add change delete",
        "applications.office": "view add change",
        "applications.rate": "view add change",
        "auth.group": "view",
        "auth.user": "view add change",
        "django_tasks_database.dbtaskresult": "view",
        "koss.news": "view add change delete",
        "koss.nightrun": "view",
        "koss.outgoingmail": "view change",
        "koss.passwordlock": "view",
    },
}


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
    if duties.sees_everything or duties.roles & _ALL_OFFICES:
        return Q()
    if Role.COUNTER in duties.roles and duties.office_id:
        return Q(**{f"{path}office": duties.office_id})
    return Q(pk__in=[])


def load():
    """Make the groups and give each exactly its permissions. Safe to run again."""
    for app_label in {model.partition(".")[0] for role in Role for model in PERMISSIONS[role]}:
        create_permissions(apps.get_app_config(app_label), verbosity=0)
    there = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role in Role:
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set(there[key] for key in _permission_keys(role))


def load_after_migrations(sender, *, using, apps=None, **_rest):
    """Receiver of post_migrate, which also follows every flush of the test database."""
    try:
        if apps:  # a flush names none
            apps.get_model("auth", "Permission")
    except LookupError:  # migrating backwards, beyond the staff's own tables
        return
    if using == "default":
        load()


def _permission_keys(role):
    for model, actions in PERMISSIONS[role].items():
        app_label, _dot, model_name = model.partition(".")
        for action in actions.split():
            yield app_label, f"{action}_{model_name}"


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
