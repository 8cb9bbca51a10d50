"""次に行うこと: sentence, お知らせ, buttons and calendar agree in every row of the table."""

from datetime import timedelta

import pytest
import time_machine

from applications.life import moves
from applications.models import Channel, PaymentMethod, ReceivingMethod
from applications.status import Actor, MoveName, Status
from applications.status_page import next_step
from applications.status_page.contents import StatusPage
from applications.status_page.next_step import TABLE, Act, Circumstance
from koss.ground import clock
from payments.demo import payers
from payments.models import DebitOrder, DebitState
from payments.numbers import taking
from payments.numbers.situations import Situation
from payments.paying import visits
from tests.rules.payments import numbers
from tests.signing_in import signs_in
from tests.world import make

pytestmark = pytest.mark.django_db

PAID_MEANWHILE = {(status, Circumstance.ANY) for status in Status.PAYABLE}
ROWS = [which for which in TABLE if which not in PAID_MEANWHILE]
BUTTONS = {
    Act.PAY: "納付",
    Act.GO_TO_PAYMENT: "納付ログイン",
    Act.CORRECT: "申請を補正する",
    Act.WITHDRAW: "申請を取り下げる",
    Act.ISSUE_CODE: "受取者認証兼受取車両個別申告用二次元コードの発行",
}
AGENT = {
    "recording_agent_number": "KIROKU0001",
    "recording_agent_name": "指定整備事業者 品川A",
    "recording_agent_allowed": True,
}
BULK = {
    "channel": Channel.BULK,
    "receiving_method": ReceivingMethod.RECEIVER_CODE,
    "receiver_name": "軽自商事",
}
DIRECT = {"payment_method": PaymentMethod.DIRECT}
MADE_WITH = {
    Situation.NUMBERED: {"numbered": True},
    Situation.LATE_NUMBERED: {"numbered": True},
    Situation.TO_ORDER: DIRECT,
    Situation.DEBIT_SCHEDULED: DIRECT | {"numbered": True},
    Situation.DEBIT_ORDERED: DIRECT | {"numbered": True},
    Circumstance.BY_RECEIVER: BULK,
    Circumstance.BY_AGENT: AGENT,
}


def stands(status, condition):
    """(an application that stands so, the moment at which it does)."""
    now = clock.now()
    if condition is Situation.NUMBER_LATE and status in (Status.FEES_DUE, Status.FEES_IN_BATCH):
        ends = clock.today() + timedelta(days=8)
        pair = numbers.batch(deadlines=[ends, ends + timedelta(days=4)], status=status, now=now)
        return numbers.applications(pair)[1], clock.at(ends + timedelta(days=1), hour=1)
    application = make(status, **MADE_WITH.get(condition, {}))
    the_day_after = (application.deadline or clock.today()) + timedelta(days=1)
    if condition is Situation.PRESSED:
        visits.press(taking.take_individually(application, now=now), now=now)
    elif condition is Situation.DEBIT_ORDERED:
        DebitOrder.objects.update(state=DebitState.ORDERED, ordered_at=now)
    elif condition is Situation.BATCH_WITHDRAWN:
        payers.withdraw(application, now=now)
    elif condition is Situation.NUMBER_LATE:
        payers.take_number([application], now=now)
        return application, clock.at(the_day_after, hour=1)
    elif condition in (Situation.LATE, Situation.LATE_NUMBERED, Circumstance.TOO_LATE):
        return application, clock.at(the_day_after, hour=1)
    elif condition is Situation.OVERDUE:
        return application, clock.at(the_day_after, hour=12)
    return application, now


def rules_allow(application, visitor, page, now):
    """The acts that the rules and the pages behind the buttons really accept."""
    names = {move.name for move in moves.open_moves(application, actor=Actor.APPLICANT, now=now)}
    handle = page.split("/")[2]
    code = visitor.client.get(f"/codes/vehicle/{handle}/issue/").status_code == 200
    kind = {"fees": "fees", "weig": "weight_tax", "vehi": "vehicle_tax"}.get(
        application.status[:4], ""
    )
    pressing = visitor.client.post(f"/payment/application/{handle}/", {"kind": kind})
    pays = application.payment_method == PaymentMethod.INDIVIDUAL and pressing.status_code != 409
    return {
        act
        for act, open_ in {
            Act.CORRECT: MoveName.SEND_CORRECTION in names,
            Act.WITHDRAW: MoveName.WITHDRAW in names,
            Act.ISSUE_CODE: code,
            Act.PAY: pays,
        }.items()
        if open_
    }


@pytest.mark.parametrize(("status", "condition"), ROWS, ids=lambda each: each.name)
def test_all_that_a_row_says_agrees(visitor, status, condition):
    application, now = stands(status, condition)
    row = TABLE[status, condition]
    with time_machine.travel(now):
        page = signs_in(visitor, application)
        stand = StatusPage(type(application).objects.get(pk=application.pk), clock.now())
        assert next_step.condition_of(stand.application, stand.owed, clock.today()) is condition

        step = stand.next_step
        visitor.sees_in_order("次に行うこと", str(row.who.label), step.sentence, *step.notes)
        assert {act for act, words in BUTTONS.items() if visitor.can_press(words)} == row.acts
        assert ("期限をカレンダーに登録" in visitor.page.text) == step.calendar
        assert ("期限等に関するお知らせ" in visitor.page.text) == bool(step.warning)
        if step.warning:
            visitor.sees_in_order("期限等に関するお知らせ", step.warning)
        calendar = visitor.client.get(f"{page}deadline.ics").status_code
        allowed = rules_allow(application, visitor, page, clock.now())

    assert (calendar == 200) == step.calendar
    assert row.acts - {Act.GO_TO_PAYMENT} == allowed
    speaks_of_paying = "納付してください" in step.sentence or "申し込んでください" in step.sentence
    assert not speaks_of_paying or row.acts & {Act.PAY, Act.GO_TO_PAYMENT}
    assert "%(" not in step.sentence + step.warning + "".join(step.notes)


def test_the_table_knows_every_status_under_every_condition():
    assert {status for status, _ in TABLE} == set(Status)
    assert {condition for _, condition in TABLE} == {*Situation, *Circumstance}


def test_what_was_paid_while_the_page_was_drawn_is_no_fault(an_application):
    for status in sorted(Status.PAYABLE):
        application = an_application(status)
        step = next_step.of(application, owed=None, now=clock.now())
        assert "納付が確認されました" in step.sentence
        assert not step.acts
        assert not step.calendar


def test_a_withdrawn_batch_ends_in_the_morning_after_its_day(visitor, an_application):
    application = an_application("検査手数料等まとめ払い中", numbered=True)
    with time_machine.travel(clock.at(clock.today() + timedelta(days=1), hour=2)):
        payers.withdraw(application, now=clock.now())
        morning = clock.today() + timedelta(days=1)
        signs_in(visitor, application)
        visitor.sees(f"{morning.month}月{morning.day}日の午前5時以降に検査申請無効になります")
        visitor.does_not_see("まとめて納付してください", "期限をカレンダーに登録")


def test_papers_to_bring_are_named_once_all_is_ready(visitor, an_application):
    signs_in(visitor, an_application("返付準備完了", annual_tax_confirmed=False))
    visitor.sees_in_order("次に行うこと", "二次元コード", "東京主管事務所", "納税証明書")
