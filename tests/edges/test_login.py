"""状況照会ログイン: what people type, locks, handles and idle time."""

from datetime import timedelta

import pytest
import time_machine

from koss.ground import clock, numbers
from koss.models import PasswordLock
from tests.signing_in import signs_in
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
UNKNOWN = "99123112345678905"


def types_number(visitor, number):
    visitor.opens("/status/login/")
    visitor.fills("受付番号（到達番号）", number)
    visitor.presses("次へ")


def types_password(visitor, password):
    visitor.fills("申請用パスワード", password)
    visitor.presses("ログイン")


@pytest.mark.parametrize(
    "spelling",
    [
        "2112 2310 5000 30459",
        "2112-2310-5000-30459",
        "２１１２２３１０５０００３０４５９",
        "　2112　2310　5000　30459　",
        "2112ー2310ー5000ー30459",
    ],
)
def test_every_usual_spelling_of_a_number_is_understood(visitor, an_application, spelling):
    an_application("検査申請審査中", receipt_number="21122310500030459")

    types_number(visitor, spelling)
    types_password(visitor, "shinsei-2024")

    visitor.sees("2112 2310 5000 30459")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "受付番号（到達番号）を入力してください。"),
        ("   ", "受付番号（到達番号）を入力してください。"),
        ("abc", "受付番号（到達番号）は数字で入力してください。"),
        ("①②③", "17桁の数字で入力してください。"),
        ("2112231050003045", "17桁の数字で入力してください。"),
        ("211223105000304590", "17桁の数字で入力してください。"),
        ("2" * 4096, "17桁の数字で入力してください。"),
        ("21122310500030458", "1桁ずつ確かめて"),
        ("٢١١٢٢٣١٠٥٠٠٠٣٠٤٥٩", "数字で入力してください。"),
        ("<script>alert(1)</script>", "数字で入力してください。"),
    ],
)
def test_what_is_no_number_gets_a_message_beside_the_field(visitor, typed, message):
    types_number(visitor, typed)

    assert visitor.status == 200
    visitor.sees(message)
    assert visitor.field("受付番号（到達番号）")["aria-invalid"] == "true"
    assert visitor.field("受付番号（到達番号）")["value"].strip() == typed.strip()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "申請用パスワードを入力してください。"),
        ("p" * 4096, "申請用パスワードは128文字以内で"),
    ],
)
def test_an_impossible_password_is_refused_uncounted(visitor, an_application, typed, message):
    application = an_application("検査申請審査中")
    types_number(visitor, application.receipt_number)

    types_password(visitor, typed)

    visitor.sees(message)
    assert not PasswordLock.objects.exists()


def test_unknown_numbers_and_wrong_passwords_are_answered_alike(an_application, settings):
    settings.KOSS_PASSWORD_WAITS = []
    settings.KOSS_FAILURES_PER_SOURCE = 100
    known = an_application("検査申請審査中").receipt_number
    answers = {}
    for number in (known, UNKNOWN):
        visitor = Visitor()
        types_number(visitor, number)
        pages = []
        for _ in range(6):
            types_password(visitor, "wrong-2024")
            pages.append((visitor.status, words_without(visitor, number)))
        answers[number] = pages

    assert answers[known] == answers[UNKNOWN]


def words_without(visitor, number):
    procedure = "新車" if "ログイン 新車" in visitor.page.text else "継続検査"
    return visitor.page.text.replace(procedure, "").replace(number, "")


def test_an_unknown_number_always_names_the_same_procedure(visitor):
    types_number(visitor, UNKNOWN)
    first = visitor.page.text
    types_number(Visitor(), UNKNOWN)
    types_number(visitor, UNKNOWN)

    assert visitor.page.text == first


def test_five_failures_lock_and_the_right_password_no_longer_opens(
    visitor, an_application, settings
):
    settings.KOSS_PASSWORD_WAITS = []
    types_number(visitor, an_application("検査申請審査中").receipt_number)
    for _ in range(5):
        types_password(visitor, "wrong-2024")

    visitor.sees("ロックされています")
    types_password(visitor, "shinsei-2024")
    assert visitor.status == 403
    visitor.sees("ロックされています")


def test_waiting_is_said_with_the_time(visitor, an_application):
    types_number(visitor, an_application("検査申請審査中").receipt_number)
    for _ in range(3):
        types_password(visitor, "wrong-2024")

    assert visitor.status == 429
    visitor.sees("以降にもう一度入力してください。")


def test_the_number_of_the_second_step_cannot_be_swapped(an_application, visitor):
    mine, other = an_application("検査申請審査中"), an_application("検査申請審査中")
    types_number(visitor, mine.receipt_number)

    answer = visitor.client.post(
        visitor.path, {"password": "shinsei-2024", "receipt_number": other.receipt_number}
    )

    visitor.opens(answer.url)
    visitor.sees(numbers.grouped(mine.receipt_number))
    visitor.does_not_see(numbers.grouped(other.receipt_number))


def test_a_number_of_the_first_step_cannot_be_forged(visitor, an_application):
    types_number(visitor, an_application("検査申請審査中").receipt_number)
    [name] = [each for each in visitor.client.cookies if each.startswith("koss_typed_")]
    step = visitor.client.cookies[name]
    assert (step["path"], bool(step["httponly"])) == (visitor.path, True)
    _number, _colon, signature = step.value.partition(":")

    visitor.client.cookies[name] = f"{UNKNOWN}:{signature}"
    visitor.opens(visitor.path)

    assert visitor.path == "/status/login/"


def test_no_cookie_of_before_the_sign_in_opens_anything(visitor, an_application):
    types_number(visitor, an_application("検査申請審査中").receipt_number)
    stranger = Visitor()
    stranger.client.cookies.update(visitor.client.cookies)

    types_password(visitor, "shinsei-2024")

    stranger.opens(visitor.path)
    assert stranger.path == "/status/login/"


def test_two_applications_in_two_tabs_never_mix(visitor, an_application):
    first, second = an_application("検査申請補正待ち"), an_application("検査申請補正待ち")
    page_of_first = signs_in(visitor, first)
    page_of_second = signs_in(visitor, second)
    visitor.opens(page_of_first)

    visitor.presses("申請を取り下げる")
    visitor.presses("OK")

    visitor.sees("検査申請取り下げ中")
    visitor.opens(page_of_second)
    visitor.sees("検査申請補正待ち")


def test_a_handle_of_somebody_else_leads_to_the_login(visitor, an_application):
    page = signs_in(visitor, an_application("検査申請補正待ち"))
    stranger = Visitor()
    signs_in(stranger, an_application("検査申請補正待ち"))

    for path in (page, f"{page}withdrawal/", f"{page}correction/", f"{page}deadline.ics"):
        stranger.opens(path)
        assert stranger.path == "/status/login/"


def test_thirty_idle_minutes_end_the_inquiry_with_a_page_that_says_so(visitor, an_application):
    application = an_application("検査申請補正待ち")
    page = signs_in(visitor, application)
    visitor.presses("申請を取り下げる")

    with time_machine.travel(clock.system_now() + timedelta(minutes=31)):
        visitor.presses("OK")

        assert visitor.status == 403
        visitor.sees("30分")
        visitor.opens(page)
        assert visitor.status == 403
        visitor.sees("30分")
    application.refresh_from_db()
    assert application.get_status_display() == "検査申請補正待ち"


def test_working_keeps_the_inquiry_open(visitor, an_application):
    page = signs_in(visitor, an_application("検査申請補正待ち"))
    start = clock.system_now()

    for minutes in (20, 40, 60):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            visitor.opens(page)
            assert visitor.status == 200


def test_closing_the_window_never_causes_an_error_later(visitor, an_application):
    application = an_application("検査申請補正待ち")
    signs_in(visitor, application)  # and closes the window with ×

    page = signs_in(visitor, application)

    visitor.opens(page)
    visitor.sees("検査申請補正待ち")


def test_the_end_button_ends_this_inquiry_only(visitor, an_application):
    first = signs_in(visitor, an_application("検査申請補正待ち"))
    second = signs_in(visitor, an_application("検査申請補正待ち"))

    visitor.presses("終了")

    visitor.opens(second)
    assert visitor.path == "/status/login/"
    visitor.opens(first)
    assert visitor.status == 200


def test_private_pages_are_never_stored(visitor, an_application):
    signs_in(visitor, an_application("検査申請補正待ち"))

    assert "no-store" in visitor.response["Cache-Control"]
