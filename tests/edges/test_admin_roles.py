"""Who may open what in the staff's site, and that nothing forged changes anything."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.serializers import serialize
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from applications.following import calendar_address, morning
from applications.life import feed
from applications.models import (
    Application,
    Channel,
    Draft,
    HeldFile,
    HistoryEntry,
    Office,
    OfficeArea,
    PaperSearch,
    Particulars,
    Proposal,
    Rate,
    Review,
    RevocationAnswer,
    Signature,
    Submission,
    SubmissionItem,
    Upload,
)
from koss.ground import clock
from koss.hooks import endpoints
from koss.models import (
    ApiExchange,
    DemoAccount,
    DemoClock,
    DemoSeat,
    News,
    NightRun,
    OpenHandle,
    OutgoingMail,
    PasswordLock,
    Source,
    SourceMiss,
    StaffEvent,
    StaffEventKind,
    TypedText,
)
from payments.demo import payers
from payments.models import (
    CalendarAddress,
    Credential,
    DebitOrder,
    DirectAccount,
    MorningMail,
    PasswordReset,
    PaymentInformation,
    PaymentLine,
    PaymentUser,
    Reconciliation,
    Refund,
    RememberedRequest,
    SettlementNotice,
    UserEvent,
)
from payments.money import settlements
from payments.payer import resets
from qrcodes.counter import finding, handing_over
from qrcodes.models import Code, Look, Pickup, Receiver, ReceiverEvent
from tests.api.hooks import a_webhook
from tests.receivers import code_of, ready_for_receiver, registered, the_office
from tests.rules.payments import numbers
from tests.staff import a_user, signed_in
from tests.world import make

pytestmark = pytest.mark.django_db

ROLES = ("reviewer", "tax_office", "counter", "operator")
_CASE = {
    "application",
    "attachment",
    "charge",
    "historyentry",
    "notice",
    "office",
    "papersearch",
    "particulars",
    "proposal",
    "rate",
    "review",
    "revocationanswer",
    "signature",
    "upload",
}
_MONEY = {"paymentinformation", "refund", "settlementnotice"}
_OFFICE_WORK = _CASE | _MONEY | {"outgoingmail", "paymentline"}
_RECEIVERS = {"code", "look", "receiver", "receiverevent"}
SEES = {
    "reviewer": _OFFICE_WORK,
    "tax_office": _OFFICE_WORK,
    "counter": _CASE | _RECEIVERS | {"pickup"},
    "operator": _RECEIVERS
    | _MONEY
    | {
        "calendaraddress",
        "applicationevent",
        "counterdesk",
        "officearea",
        "credential",
        "dbtaskresult",
        "debitorder",
        "directaccount",
        "draft",
        "eventfeed",
        "group",
        "heldfile",
        "logentry",
        "morningmail",
        "news",
        "nightrun",
        "office",
        "outgoingmail",
        "passwordlock",
        "passwordreset",
        "paymentuser",
        "rate",
        "reconciliation",
        "rememberedrequest",
        "source",
        "staffevent",
        "submission",
        "submissionitem",
        "user",
        "userevent",
        "webhook",
        "webhookdelivery",
    },
}
ADDS = {"operator": {"counterdesk", "news", "office", "officearea", "rate", "user"}}
CHANGES = {"operator": {"counterdesk", "news", "office", "officearea", "user"}}
DELETES = {"operator": {"counterdesk", "news", "officearea"}}


@pytest.fixture
def world(bank):
    """At least one row of every model that staff could open."""
    application = make("検査手数料等まとめ払い中", numbered=True, days_ago=2)
    make("検査申請補正待ち")
    user = a_user("counter", username="somebody")
    registered()
    vehicle = ready_for_receiver(annual_tax_confirmed=True)
    code = finding.look(code_of().lookup_key, by="somebody", office=the_office(), now=clock.now())
    handing_over.hand_over(code, [vehicle], by="somebody", office=the_office(), now=clock.now())
    News.objects.create(title="件名", body="本文", published_at=clock.now())
    NightRun.objects.create(business_date=clock.today(), started_at=clock.now())
    PasswordLock.objects.create(subject="x" * 64, tried_at=clock.now(), locked_at=clock.now())
    now = clock.now()
    source, _made = Source.objects.get_or_create(address="192.0.2.1", defaults={"levels_at": now})
    SourceMiss.objects.create(source=source, subject="x" * 64, level_at=now)
    OpenHandle.objects.create(shelf="x", handle="x" * 22, made_at=now, seen_at=now)
    StaffEvent.objects.create(user=user, by=user, kind=StaffEventKind.OWN_PASSWORD, at=now)
    Reconciliation.objects.get_or_create(defaults={"answered_until": now})
    Signature.objects.create(application=application, made_at=now, content=b"x", cms=b"x")
    RevocationAnswer.objects.create(digest="x" * 64, source="x", body=b"x", fetched_at=now)
    Draft.objects.create(number="0" * 12, begun_at=now, changed_at=now, expires_at=now)
    Review.objects.create(application=application, by=user, since=now, until=now)
    Proposal.objects.create(application=application, version=0, move="reject", by=user, at=now)
    PaperSearch.objects.create(attachment=application.attachments.first())
    Particulars.objects.create(application=application)
    Upload.objects.create(application=application, key="x" * 32, size=1, at=now)
    make("検査申請受付中", channel=Channel.BULK, bulk_id=payers.BULK_ID)
    feed.number_new()
    HeldFile.objects.create(key="x" * 32, size=1, at=now)
    sent = Submission.objects.create(number="0" * 18, total=1, received_at=now)
    SubmissionItem.objects.create(submission=sent, place=0)
    key = Credential.objects.create(user=payers.payment_user(), name="x", made_at=now)
    RememberedRequest.objects.create(credential=key, key="x", at=now)
    webhook, _secret = a_webhook()
    endpoints.test(webhook.user, webhook.reference, now=now)
    OfficeArea.objects.create(place="東京都品川区", office=Office.objects.first())
    DemoClock.objects.create()
    TypedText.objects.create(key="x" * 22, owner="x", form="x", salt=b"x", sealed=b"x", kept_at=now)
    ApiExchange.objects.create(reference="x" * 32, at=now, code=200, took=1)
    DemoSeat.objects.create(number=1, payer="KNSE0001", begun_at=now)
    DemoAccount.objects.create(receipt_number=application.receipt_number)
    LogEntry.objects.create(user=user, action_flag=2, object_repr="x", change_message="x")
    paid_twice(bank)
    payers.ask_for_number(
        [make("検査手数料等まとめ払い中", payment_method="direct")], now=clock.now()
    )
    resets.ask(payers.PAYER, now=clock.now(), source="")
    calendar_address.make(payers.payment_user(), now=clock.now())
    morning.choose(payers.payment_user(), now=clock.now())
    return application


def paid_twice(bank):
    """The refund of the second money for one number."""
    information = numbers.batch(1, now=clock.now())
    for _ in range(2):
        settlements.receive(bank.settles(information), now=clock.now())
    return Refund.objects.get()


def models():
    return {model._meta.model_name: model for model in admin.site._registry}


def url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_of_ours_is_registered():
    ours = {
        model
        for label in ("koss", "applications", "payments", "qrcodes")
        for model in apps.get_app_config(label).get_models()
    }

    assert ours <= set(admin.site._registry)
    assert {User, Group, LogEntry, DBTaskResult} <= set(admin.site._registry)


def test_an_anonymous_visitor_meets_the_login_page(world):
    client = Client()
    pages = [reverse("admin:index"), reverse("admin:jsi18n")] + [
        url(model, page, *args)
        for model in models().values()
        for page, args in (
            ("changelist", []),
            ("add", []),
            ("change", [1]),
            ("delete", [1]),
            ("history", [1]),
        )
    ]
    for page in pages + own_pages(world) + payment_pages():
        for answer in (client.get(page), client.post(page)):
            assert (answer.status_code, page, answer.url.startswith("/admin/login/")) == (
                302,
                page,
                True,
            )


def own_pages(application):
    """What the admin of applications adds to Django's."""
    attachment = application.attachments.first()
    pk = application.pk
    return [
        reverse(f"admin:applications_application_{name}", args=args)
        for name, args in (
            ("move", [pk, "reject"]),
            ("next", [pk]),
            ("bulk", ["accept"]),
            ("attachment", [pk, attachment.pk]),
            ("annual_tax", [pk]),
            ("announce", [pk]),
            ("announcement_end", [pk, 1]),
        )
    ]


def payment_pages():
    """What the admin of payments adds to Django's."""
    user, refund = PaymentUser.objects.first(), Refund.objects.first()
    return [
        *(
            reverse(f"admin:payments_paymentuser_{name}", args=[user.pk])
            for name in ("lock", "unlock", "reset")
        ),
        reverse("admin:payments_refund_complete", args=[refund.pk]),
        reverse("cash:daily"),
        reverse("cash:csv"),
    ]


@pytest.mark.parametrize("role", ROLES)
def test_lists_of_each_role(world, role):
    client = signed_in(role)

    answers = {
        name: client.get(url(model, "changelist")).status_code for name, model in models().items()
    }

    assert answers == {name: 200 if name in SEES[role] else 403 for name in models()}


@pytest.mark.parametrize("role", ROLES)
def test_what_each_role_may_add_change_and_delete(world, role):
    client = signed_in(role)
    for name, model in models().items():
        row = model.objects.exclude(username=role).first() if model is User else None
        row = row or model.objects.first()
        may = {
            "add": (name in ADDS.get(role, ()), []),
            "change": (name in CHANGES.get(role, ()), [row.pk]),
            "delete": (name in DELETES.get(role, ()), [row.pk]),
        }
        for page, (allowed, args) in may.items():
            sees = name in SEES[role] and page == "change"
            got = client.get(url(model, page, *args)).status_code
            assert (name, page, got) == (name, page, 200 if allowed or sees else 403)
            if not allowed:
                posted = client.post(url(model, page, *args), {"post": "yes"}).status_code
                assert (name, page, posted) == (name, page, 403)


@pytest.mark.parametrize("role", ROLES)
def test_the_pages_of_moves_and_notes(world, role):
    client = signed_in(role)

    answers = [client.get(page).status_code for page in own_pages(world)]

    # 409: not open now; 405: these pages take a POST only.
    assert (
        answers
        == {
            "reviewer": [409, 302, 405, 405, 405, 405, 405],
            "tax_office": [403, 302, 405, 403, 403, 405, 405],
            "counter": [403, 302, 405, 403, 403, 405, 405],
            "operator": [403, 403, 405, 403, 403, 403, 403],
        }[role]
    )


@pytest.mark.parametrize("role", [*ROLES, "superuser"])
def test_the_pages_of_payments(world, role):
    everything = role == "superuser"
    client = signed_in(*([] if everything else [role]), superuser=everything)

    answers = [client.get(page).status_code for page in payment_pages()]
    posted = [client.post(page, {"reason": "", "note": ""}).status_code for page in payment_pages()]

    acts, sees = role == "operator", role in ("operator", "superuser")
    assert answers == [200 if acts else 403] * 4 + [200 if sees else 403] * 2
    assert posted == ([200, 200, 302, 200] if acts else [403] * 4) + [405] * 2


def test_a_superuser_cannot_change_what_only_moves_change(world):
    client = signed_in(superuser=True)
    read_only = set(models()) - {"counterdesk", "news", "office", "officearea", "rate", "user"}
    before = snapshot()

    for name in read_only:
        model = models()[name]
        row = model.objects.first()
        if row is None:
            continue
        fields = {field.name: "1" for field in model._meta.fields}
        for page, args in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
            answer = client.post(url(model, page, *args), fields | {"post": "yes"})
            assert (name, page, answer.status_code) == (name, page, 403)
        client.post(
            url(model, "changelist"),
            {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"},
        )

    assert snapshot() == before


def snapshot():
    rows = (Application, HistoryEntry, OutgoingMail, PasswordLock, NightRun, Rate, Group)
    rows += (Code, Look, Pickup, Receiver, ReceiverEvent)
    rows += (PaymentInformation, PaymentLine, SettlementNotice, Refund)
    rows += (PaymentUser, UserEvent, PasswordReset, DirectAccount, DebitOrder)
    rows += (CalendarAddress, MorningMail)
    return [serialize("json", model.objects.order_by("pk")) for model in rows]


@pytest.mark.parametrize("role", [*ROLES, "superuser"])
def test_nobody_lifts_a_password_lock(world, role):
    everything = role == "superuser"
    client = signed_in(*([] if everything else [role]), superuser=everything)
    lock = PasswordLock.objects.get(subject="x" * 64)
    forged = {"failures": "0", "locked_at_0": "", "locked_at_1": "", "action": "delete_selected"}

    for page, args in (("changelist", []), ("change", [lock.pk]), ("delete", [lock.pk])):
        client.post(url(PasswordLock, page, *args), forged | {"_selected_action": lock.pk})

    lock.refresh_from_db()
    assert lock.locked_at is not None
    actions = admin.site._registry[PasswordLock].get_actions(request_of(client))
    assert actions == {}


@pytest.mark.parametrize("role", [*ROLES, "superuser"])
def test_nobody_changes_a_mail_address_or_a_status(world, role):
    everything = role == "superuser"
    client = signed_in(*([] if everything else [role]), superuser=everything)
    before = snapshot()

    page = url(Application, "change", world.pk)
    for forged in ({"email": "thief@evil.example"}, {"status": "withdrawn", "_save": "1"}):
        assert client.post(page, forged).status_code == 403
        client.post(url(Application, "changelist"), forged | {"form-0-id": world.pk, "_save": "1"})

    assert snapshot() == before


def request_of(client):
    return client.get(reverse("admin:index")).wsgi_request


def test_counters_meet_only_their_own_office(world):
    elsewhere = make("返付準備完了", office=Office.objects.get(name="札幌主管事務所"))
    client = signed_in("counter")
    pages = [url(Application, "change", elsewhere.pk), url(Application, "history", elsewhere.pk)]
    move = reverse("admin:applications_application_move", args=[elsewhere.pk, "hand_over"])

    assert client.get(pages[0]).status_code == 404
    assert client.get(pages[1]).status_code in (302, 403, 404)
    assert client.post(move, {"reason": "x"}).status_code == 404
    attachment = elsewhere.attachments.first()
    answer = client.get(url(type(attachment), "change", attachment.pk))
    assert answer.status_code == 302  # Django's answer for a row that is not there


def test_a_desk_without_office_sees_nothing(world):
    client = signed_in("counter", office="")

    answer = client.get(url(Application, "changelist"))

    assert answer.context["cl"].result_count == 0
