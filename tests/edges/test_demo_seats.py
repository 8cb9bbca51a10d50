"""研修用の席: made, done at, printed, put back; and what each costs."""

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.db import transaction
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from applications.demo import course, journeys, seats
from applications.demo.course import PLACES, CourseTask
from applications.following import calendar_address
from applications.life import moves
from applications.models import Application
from applications.status import Actor, Status
from koss import urls
from koss.demo import progress, seating
from koss.demo import urls as demo_urls
from koss.ground import clock
from koss.models import DemoAccount, DemoClock, DemoSeat
from koss.operation import invariants
from payments.demo import payers
from payments.models import NoticeVerdict, PaymentUser, Refund, SettlementNotice
from payments.payer import batch_file, users
from qrcodes.issuing import codes
from tests.signing_in import signs_in, signs_in_to_my_page
from tests.visitor import Visitor

# As in demo mode, whose addresses exist only there.
urlpatterns = [*urls.urlpatterns, urls.path("demo/", urls.include(demo_urls))]

pytestmark = [pytest.mark.databases, pytest.mark.django_db, pytest.mark.urls(__name__)]
LIST = "/demo/seats/"


@pytest.fixture(scope="module")
def two_seats(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEMO=True):
            DemoClock.objects.get_or_create(pk=1)
            seats.make(2, now=clock.now())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def trainer(two_seats, settings, visitor):
    settings.DEMO = True
    return visitor


def of_seat(number, task):
    """The applications of a seat for one task."""
    places = [place for place, each in enumerate(PLACES) if each.task == task]
    accounts = DemoAccount.objects.filter(seat__number=number, place__in=places)
    numbers = accounts.order_by("place").values_list("receipt_number", flat=True)
    return [Application.objects.get(receipt_number=number) for number in numbers]


def does(task, number=1):
    """Do ``task`` at the seat by the portal's own rules."""
    now, rows = clock.now(), of_seat(number, task)
    user = PaymentUser.objects.get(user_id=course.payer_of(number))
    if task == CourseTask.BATCH_FILE:
        batch_file.make(user, now)
    elif task == CourseTask.APPLY:
        own = course.own_vehicle(number)
        journeys.bring_to(Status.RECEIVED, procedure=course.PROCEDURE, now=now, **own)
    elif task == CourseTask.INQUIRY:
        signs_in(Visitor(), rows[0])
    elif task == CourseTask.CORRECTION:
        same = moves.Inputs(changes={"user_name": rows[0].user_name})
        moves.perform("send_correction", rows[0], actor=Actor.APPLICANT, now=now, inputs=same)
    elif task == CourseTask.WITHDRAWAL:
        moves.perform("withdraw", rows[0], actor=Actor.APPLICANT, now=now)
    elif task == CourseTask.CODE:
        codes.issue_for_vehicle(rows[0], now=now)
    else:
        payers.settle(payers.take_number(rows, now=now), clock.now())


def done(number):
    row = next(each for each in progress.of_all() if each.seat.number == number)
    return [each.task for each in row.tasks if each.at]


def keys_of_everything():
    return {
        model: set(model._base_manager.values_list("pk", flat=True))
        for model in apps.get_models()
        if model._meta.managed
    }


@pytest.mark.parametrize("task", CourseTask)
def test_each_task_is_read_from_what_was_done(trainer, task):
    assert done(1) == []

    does(task)

    assert (done(1), done(2)) == ([task], [])


def test_two_numbers_are_no_batch(trainer):
    for row in of_seat(1, CourseTask.PAY_TOGETHER):
        payers.settle(payers.take_number([row], now=clock.now()), clock.now())
    assert done(1) == []


def test_the_page_says_who_has_done_what(trainer):
    does(CourseTask.WITHDRAWAL)
    trainer.opens(LIST)
    _headings, table = trainer.table("席ごとの課題")
    assert [row[0] for row in table] == ["席01 KNSE0001", "席02 KNSE0002"]
    column = list(CourseTask).index(CourseTask.WITHDRAWAL) + 1
    assert [row[column][:3] for row in table] == ["できた", "-"]
    trainer.sees("できた席", "1/2")


def test_the_cards_are_true(trainer):
    trainer.opens(LIST)
    trainer.presses("席のカード")
    accounts = DemoAccount.objects.filter(seat__number=2).order_by("place")
    grouped = [f"{n[:4]} {n[4:8]} {n[8:12]} {n[12:]}" for n in (a.receipt_number for a in accounts)]
    trainer.sees_in_order("席02", "KNSE0002", payers.PASSWORD, *grouped, journeys.PASSWORD)
    trainer.sees("AX01-0001029", "まとめ納付管理ファイルの取得")
    signs_in_to_my_page(trainer, "KNSE0002")
    signs_in(trainer, of_seat(2, CourseTask.CODE)[0])


def test_a_seat_is_put_back_and_nothing_else(trainer):
    """Every table has the rows that it had, but for what the bank still knows."""
    other = Application.objects.filter(payer="KNSE0002") | Application.objects.filter(
        pk__in=[row.pk for task in CourseTask for row in of_seat(2, task)]
    )
    before, others = keys_of_everything(), serialize("json", other.order_by("pk"))
    card = list(DemoAccount.objects.order_by("pk").values())
    for task in CourseTask:
        does(task)
    seat = Visitor()
    on_my_page = signs_in_to_my_page(seat, "KNSE0001")
    user = PaymentUser.objects.get(user_id="KNSE0001")
    calendar_address.make(user, now=clock.now())
    users.set_password(user, payers.encoded("something-else-1"), now=clock.now())
    payers.payment_user("KNAB1234")

    trainer.opens(LIST)
    trainer.presses("始めに戻す 席01")
    trainer.sees("KNSE0001", "ほかの席は変わりません")
    trainer.presses("席を始めに戻す")

    trainer.sees("席01を始めに戻しました")
    assert (done(1), invariants.broken()) == ([], [])
    assert list(DemoAccount.objects.order_by("pk").values()) == card
    assert serialize("json", other.order_by("pk")) == others
    after = keys_of_everything()
    expected = {model: len(keys) for model, keys in before.items()}
    # Three payments: money that the bank still knows, as given back; and the user of the manuals.
    expected[SettlementNotice] += 3
    expected[Refund] += 3
    expected[PaymentUser] += 1
    differing = {
        model.__name__: (len(keys), expected[model])
        for model, keys in after.items()
        if len(keys) != expected[model]
    }
    assert set(differing) <= {"Source", "SourceMiss"}
    assert set(Refund.objects.values_list("reason", "done_by")) == {
        (NoticeVerdict.UNKNOWN_NUMBER, "demo")
    }
    seat.opens(on_my_page)
    seat.sees("マイページログイン")
    signs_in_to_my_page(seat, "KNSE0001")
    signs_in(seat, of_seat(1, CourseTask.CODE)[0])


def test_a_stale_press_is_refused(trainer):
    page = f"{LIST}1/again/"
    assert trainer.client.post(page, {"rounds": "0"}).status_code == 302
    for stale in ("0", "x", "", "9" * 30, "１"):
        answer = trainer.client.post(page, {"rounds": stale})
        assert answer.status_code == 409
        assert "始めに戻されています" in answer.text
    assert DemoSeat.objects.get(number=1).rounds == 1
    assert trainer.client.get(f"{LIST}3/again/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "席の数を入力してください。"),
        ("x", "席の数は数字で入力してください。"),
        ("0", "席の数は1から40までの数で入力してください。"),
        ("41", "席の数は1から40までの数で入力してください。"),
        ("2", "席はいま2席あります。"),
    ],
)
def test_an_impossible_number_is_said_beside_its_field(trainer, typed, said):
    trainer.opens(LIST)
    trainer.fills("席の数", typed)
    trainer.presses("席を増やす")
    trainer.sees(said)
    assert trainer.field("席の数").attributes.get("value", "") == typed
    assert not DBTaskResult.objects.filter(task_path=seating.make_seats.module_path).exists()


def test_seats_are_made_by_a_worker(trainer):
    trainer.opens(LIST)
    trainer.fills("席の数", "３")
    trainer.presses("席を増やす")
    trainer.sees("席を作っています。")
    waiting = DBTaskResult.objects.filter(task_path=seating.make_seats.module_path)
    assert [each.args_kwargs["args"] for each in waiting] == [[3]]
    seating.make_seats.func(3)
    assert DemoSeat.objects.count() == 3


def test_making_leaves_no_work(trainer):
    """The past of the seats is settled: neither mails nor payment numbers wait."""
    assert not DBTaskResult.objects.exists()


def test_as_many_questions_for_two_seats_as_for_four(trainer, django_assert_num_queries):
    def opens():
        # seats, accounts, passwords, moves, codes, money, files, applications, the task; the clock
        with django_assert_num_queries(10):
            trainer.opens(LIST)
        with django_assert_num_queries(9):
            trainer.opens(f"{LIST}print/")

    opens()
    seats.make(4, now=clock.now())
    opens()


def test_outside_demo_mode_there_is_nothing(client, settings):
    settings.ROOT_URLCONF = "koss.urls"
    for address in ("", "print/", "1/again/"):
        assert client.get(LIST + address).status_code == 404
        assert client.post(LIST + address).status_code == 404
    before = DemoSeat.objects.count()
    seating.make_seats.func(before + 1)
    assert DemoSeat.objects.count() == before
