"""What each role may see and change in the admin, and the groups that carry these permissions."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from applications.staff.roles import Role

_CASE = {
    "applications.application": "view",
    "applications.attachment": "view",
    "applications.charge": "view",
    "applications.historyentry": "view",
    "applications.notice": "view",
    "applications.office": "view",
    "applications.papersearch": "view",
    "applications.particulars": "view",
    "applications.proposal": "view",
    "applications.rate": "view",
    "applications.review": "view",
    "applications.revocationanswer": "view",
    "applications.signature": "view",
    "applications.upload": "view",
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
    "payments.calendaraddress": "view",
    "payments.credential": "view",
    "payments.debitorder": "view",
    "payments.directaccount": "view",
    "payments.morningmail": "view",
    "payments.passwordreset": "view",
    "payments.paymentinformation": "view",
    "payments.paymentuser": "view",
    "payments.reconciliation": "view",
    "payments.refund": "view",
    "payments.rememberedrequest": "view",
    "payments.settlementnotice": "view",
    "payments.userevent": "view",
    "payments.webhook": "view",
    "payments.webhookdelivery": "view",
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
        "applications.draft": "view",
        "applications.eventfeed": "view",
        "applications.applicationevent": "view",
        "applications.heldfile": "view",
        "applications.submission": "view",
        "applications.submissionitem": "view",
        "applications.office": "view add change",
        "applications.officearea": "view add change delete",
        "applications.rate": "view add change",
        "auth.group": "view",
        "auth.user": "view add change",
        "django_tasks_database.dbtaskresult": "view",
        "koss.news": "view add change delete",
        "koss.nightrun": "view",
        "koss.outgoingmail": "view change",
        "koss.passwordlock": "view",
        "koss.source": "view change",
        "koss.staffevent": "view",
    },
}


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
