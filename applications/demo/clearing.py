"""Taking applications out of the demo world, with everything that hangs on them.

What hangs on a row is found by the models' own links, so that a new table is not forgotten. Only
the demo does this: elsewhere a record is kept for ever.
"""

from django.db.models import Q

from applications.inquiry import signing_in
from applications.models import Application
from koss.access import passwords
from koss.models import OpenHandle, OutgoingMail, TypedText
from payments.models import PaymentInformation, PaymentUser, SettlementNotice
from payments.money import given_up
from payments.numbers import numbering
from payments.payer import sessions, users


def clear(applications, *, payer, since, now):
    """Delete ``applications`` (a QuerySet), and all that the 納付利用者ID ``payer`` has but itself.

    Inside the caller's transaction. What the bank has settled after ``since`` it still knows: such
    money stays, as given back.
    """
    user = PaymentUser.objects.select_for_update(no_key=True).get(user_id=payer)
    under = Q(user=user) | Q(lines__charge__application__in=applications)
    informations = PaymentInformation.objects.filter(under).values("pk")
    locked = PaymentInformation.objects.select_for_update(no_key=True)
    batches = list(locked.filter(pk__in=informations).order_by("pk").values_list("pk", flat=True))
    rows = list(applications.select_for_update(no_key=True).order_by("pk"))
    keys = [row.pk for row in rows]
    numbers = [row.receipt_number for row in rows]
    settled = SettlementNotice.objects.filter(information__in=batches, settled_at__gt=since)
    given_up.give_up(settled, now=now)
    numbering.forget_tasks(PaymentInformation.objects.filter(pk__in=batches))
    doomed = {Application: set(keys), PaymentInformation: set(batches)}
    for model, name in _links_to(PaymentUser):
        doomed.setdefault(model, set()).update(_keys(model, name, [user.pk]))
    _delete(_with_all_below(doomed))
    OutgoingMail.objects.filter(Q(receipt_number__in=numbers) | Q(facts__user_id=payer)).delete()
    passwords.forget(signing_in.LOCK_KIND, numbers)
    passwords.forget(users.LOCK_KIND, [payer])
    typists = {signing_in.typist(key, by) for key in keys for by in ({}, {"user": user.pk})}
    typists |= {sessions.typist(user.pk, area) for area in sessions.LOGINS}
    TypedText.objects.filter(owner__in=typists).delete()
    OpenHandle.objects.filter(
        Q(shelf=signing_in.INQUIRIES.name, facts__application__in=keys) | Q(facts__user=user.pk)
    ).delete()


def _with_all_below(doomed):
    """``doomed`` (model → keys), with the rows that link to them, and those to these."""
    waiting = list(doomed.items())
    while waiting:
        model, keys = waiting.pop()
        for below, name in _links_to(model):
            known = doomed.setdefault(below, set())
            if new := _keys(below, name, keys) - known:
                known |= new
                waiting.append((below, new))
    return doomed


def _links_to(model):
    """(model, name of its field) of all links to ``model``."""
    for link in model._meta.get_fields(include_hidden=True):
        if (
            link.auto_created
            and not link.concrete
            and link.field.concrete
            and not link.many_to_many
        ):
            yield link.related_model, link.field.name


def _keys(model, name, keys):
    return set(model._base_manager.filter(**{f"{name}__in": keys}).values_list("pk", flat=True))


def _delete(doomed):
    """Links are checked when the transaction ends, so the order of tables does not matter."""
    for model, keys in doomed.items():
        rows = model._base_manager.filter(pk__in=keys)
        rows._raw_delete(rows.db)
