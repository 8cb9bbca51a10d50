"""Reading: applications of the key's 一括利用者ID, and what happened to them."""

from datetime import date

from django.db.models import Q
from django.utils.timezone import localtime
from ninja import Path, Query

from applications.life import feed
from applications.models import Application
from koss.api import lists, shapes, showing
from koss.api.bearer import READ
from koss.api.problems import Problem
from koss.api.routing import router
from koss.ground import clock

_TAGS = ["照会"]
_READS = {"by_alias": True, "auth": READ}


@router.get(
    "/applications",
    response=shapes.ApplicationList,
    tags=_TAGS,
    url_name="applications",
    operation_id="list_applications",
    summary="申請の一覧",
    **_READS,
)
def list_applications(request, query: Query[shapes.ListQuery]):
    """Those changed since a cursor, or those of some days or in some status.

    With `changed_since`, in the order of their newest change: keep `next_cursor` and ask again
    with it. Without, in the order of application.
    """
    if query.changed_since is None:
        return _by_day(request.auth, query)
    return _changed(request.auth, query)


@router.get(
    "/applications/{receipt_number}",
    response=shapes.ApplicationShape,
    tags=_TAGS,
    url_name="application",
    operation_id="read_application",
    summary="1件の申請",
    **_READS,
)
def read_application(request, receipt_number: Path[shapes.ReceiptNumber]):
    """Status, next step, the correction order, payments, papers, notices and history."""
    return showing.whole(own(request.auth, receipt_number), now=clock.now())


@router.get(
    "/events",
    response=shapes.EventList,
    tags=_TAGS,
    url_name="events",
    operation_id="list_events",
    summary="変更の記録",
    **_READS,
)
def list_events(request, query: Query[shapes.EventQuery]):
    """What happened, in order, with no gap and nothing twice.

    Keep `next_cursor` and ask again with it.
    """
    after = int(query.after)
    found = feed.after(request.auth.user.bulk_id, after, limit=query.limit + 1)
    events, more = lists.first(found, query.limit)
    cursor = str(events[-1].number if events else after)
    again = {"after": cursor, "limit": query.limit}
    return lists.page(map(showing.event, events), more, again, "events", next_cursor=cursor)


@router.get(
    "/key",
    response=shapes.KeyShape,
    tags=_TAGS,
    url_name="key",
    operation_id="read_key",
    summary="いま使っているAPIキー",
    **_READS,
)
def read_key(request):
    """Whose it is, what it may do, and until when."""
    credential = request.auth
    return {
        "bulk_id": credential.user.bulk_id,
        "name": credential.name,
        "scopes": credential.scopes,
        "made_at": localtime(credential.made_at),
        "ends_at": credential.ends_at and localtime(credential.ends_at),
    }


def own(credential, receipt_number):
    """The application of this number, with its office, or Problem: another's is not found."""
    rows = Application.objects.select_related("office")
    found = rows.filter(receipt_number=receipt_number, bulk_id=credential.user.bulk_id).first()
    if found is None:
        raise Problem("not_found")
    return found


def _changed(credential, query):
    after = int(query.changed_since)
    found = feed.after(credential.user.bulk_id, after, limit=query.limit + 1)
    events, more = lists.first(found, query.limit)
    cursor = str(events[-1].number if events else after)
    # An application stands where it changed last within the page.
    newest = {each.application_id: each for each in events}
    rows = [each.application for each in events if newest.get(each.application_id) is each]
    rows = [row for row in rows if _is_asked_for(row, query)]
    again = {"changed_since": cursor, **_conditions(query)}
    items = showing.lines(rows, now=clock.now())
    return lists.page(items, more, again, "applications", next_cursor=cursor)


def _by_day(credential, query):
    rows = Application.objects.filter(bulk_id=credential.user.bulk_id).select_related("office")
    asked = {
        "applied_on__gte": query.first,
        "applied_on__lte": query.last,
        "status": query.status,
        "item__submission__number": query.set,
    }
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    if query.page:
        day, key = _place(query.page)
        rows = rows.filter(Q(applied_on__gt=day) | Q(applied_on=day, pk__gt=key))
    rows = rows.order_by("applied_on", "pk")[: query.limit + 1]
    found, more = lists.first(rows, query.limit)
    again = _conditions(query)
    if found:
        again["page"] = f"{found[-1].applied_on.toordinal()}-{found[-1].pk}"
    return lists.page(showing.lines(found, now=clock.now()), more, again, "applications")


def _conditions(query):
    """What a further page is asked for with."""
    asked = {
        "from": query.first,
        "to": query.last,
        "status": query.status,
        "set": query.set,
        "limit": query.limit,
    }
    return {name: value for name, value in asked.items() if value}


def _is_asked_for(row, query):
    """What the database asks of a row where it is not read by its change."""
    return (
        (query.first is None or row.applied_on >= query.first)
        and (query.last is None or row.applied_on <= query.last)
        and query.status in (None, row.status)
        and (query.set is None or _set_of(row) == query.set)
    )


def _set_of(row):
    item = getattr(row, "item", None)
    return item and item.submission.number


def _place(page):
    """(day, key) behind which a page begins; any number is some day."""
    day, _dash, key = page.partition("-")
    return date.fromordinal(min(max(int(day), 1), date.max.toordinal())), int(key)
