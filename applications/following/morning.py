"""One mail in the morning instead of one for each change, for payment users who chose it.

It tells what changed since the last one, what is near its deadline and what has passed it, and is
not written where there is nothing to tell. ``applications.life.letters`` leaves out what it
replaces. Facts are codes and numbers; ``templates/mail/users/morning.txt`` puts them into words.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from applications.following import listing, whose
from applications.status_page import next_step
from koss.ground import clock
from koss.mail import outbox
from payments.models import MorningMail
from payments.payer import letters

# How many applications each part of the mail names; the others are counted.
NAMED = 50
# A move takes its moment before it is committed: so far back is looked again.
_SLACK = timedelta(minutes=10)


def is_chosen(user):
    """Whether ``user`` gets one mail in the morning."""
    return MorningMail.objects.filter(user=user).exists()


def choose(user, *, now):
    """One mail a morning from now on. Chosen twice, it began the first time."""
    MorningMail.objects.get_or_create(user=user, defaults={"chosen_at": now, "told_until": now})


@transaction.atomic
def give_up(user, *, now):
    """A mail for each change again. What was gathered until now is sent at once."""
    row = _locked(Q(user=user))
    if row is None:
        return
    _tell(row, clock.day(now), event=now.isoformat(), now=now)
    row.delete()


def write_due(business_date, *, now, chunk):
    """A step of the night: write the mail of the morning after ``business_date``.

    Each user is a transaction of its own that notes the morning, so a night that is killed or run
    again writes nobody a second one.
    """
    morning = business_date + timedelta(days=1)
    due = Q(told_on=None) | Q(told_on__lt=morning)
    for key in list(MorningMail.objects.filter(due).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = _locked(due, pk=key)
            written = bool(row) and _tell(row, morning, event=morning.isoformat(), now=now)
        yield int(written)


def _locked(*conditions, **fields):
    rows = MorningMail.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("user").filter(*conditions, **fields).first()


def _tell(row, morning, *, event, now):
    """Write what there is to tell, and note that it was. Returns whether there was anything."""
    user = row.user
    parts = {
        "changed": _changed(row, now),
        "near": _near(user, morning, now),
        "passed": _passed(row, morning, now),
    }
    if has_news := any(part["count"] for part in parts.values()):
        letter = letters.letter(user, "users/morning", event, to=user.status_email, **parts)
        outbox.put([letter], now=now)
    row.told_lately = [
        list(pair)
        for strand in whose.strands(user)
        for pair in _between(strand, now - _SLACK, now).values_list("pk", "version")
    ]
    row.told_until, row.told_on = now, morning
    row.save(update_fields=["told_lately", "told_until", "told_on"])
    return has_news


def _between(rows, after, until):
    return rows.filter(status_changed_at__gt=after, status_changed_at__lte=until)


def _changed(row, now):
    told = {tuple(pair) for pair in row.told_lately}
    count, named = 0, []
    for strand in whose.strands(row.user):
        strand = strand.select_related("office")
        since = _between(strand, row.told_until, now)
        late = [
            each
            for each in _between(strand, row.told_until - _SLACK, row.told_until)
            if (each.pk, each.version) not in told and each.status_changed_at > row.chosen_at
        ]
        count += since.count() + len(late)
        named += [*since.order_by("-status_changed_at", "-pk")[:NAMED], *late]
    named.sort(key=lambda each: (each.status_changed_at, each.pk), reverse=True)
    return _part(row.user, count, named, now)


def _near(user, morning, now):
    last = morning + timedelta(days=settings.KOSS_NEAR_DAYS)
    return _with_deadline(user, morning, last, now)


def _passed(row, morning, now):
    """What has passed since the last morning that was looked at."""
    first = row.told_on or clock.day(row.chosen_at)
    return _with_deadline(row.user, first, morning - timedelta(days=1), now)


def _with_deadline(user, first, last, now):
    """Those with a deadline that is told, the nearest first."""
    strands = whose.with_deadline(user, first, last)
    found = [each for rows in strands for each in rows.select_related("office")]
    steps = next_step.of_many(found, now=now)
    told = [each for each in found if steps[each.pk].deadline]
    told.sort(key=lambda each: (each.deadline, each.pk))
    return _part(user, len(told), told, now)


def _part(user, count, applications, now):
    """How many there are, and the facts of the first of them."""
    named = applications[:NAMED]
    steps = next_step.of_many(named, now=now)
    return {
        "count": count,
        "more": count - len(named),
        "applications": [_facts(user, each, steps[each.pk]) for each in named],
    }


def _facts(user, application, step):
    is_agent = whose.acts_for(user, application)
    return {
        "receipt_number": application.receipt_number,
        "procedure": application.procedure,
        "status": application.status,
        "plate": application.plate,
        "chassis_number": application.chassis_number,
        "who": listing.who_acts(step.who, is_agent=is_agent).value,
        "deadline": step.deadline and step.deadline.isoformat(),
    }
