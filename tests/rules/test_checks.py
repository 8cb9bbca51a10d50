"""The system checks: what must not go live together."""

import pytest
from django.core.management import CommandError, call_command

from koss.management.commands import serve
from koss.models import DemoAccount
from koss.operation import pool
from koss.operation.checks import mode_fits_the_database, settings_fit_each_other
from koss.operation.pool import settings_fit_a_pool

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def complaints():
    return [message.id for message in settings_fit_each_other(None)]


def of_the_database():
    return [message.id for message in mode_fits_the_database(None, databases=["default"])]


@pytest.fixture
def live(settings):
    """Settings as docs/operations.md describes them."""
    settings.HTTPS, settings.KOSS_PROXIES = True, 1
    settings.KOSS_ORIGIN = "https://oss.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def test_nothing_to_say_about_the_defaults():
    assert complaints() == []
    assert of_the_database() == []


def test_nothing_to_say_about_a_live_portal(live):
    assert complaints() == []


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("DEBUG", True, "koss.E003"),
        ("KOSS_PROXIES", 0, "koss.E004"),
        ("KOSS_ORIGIN", "http://oss.example", "koss.E005"),
        ("DEMO", True, "koss.W006"),
        ("KOSS_CERTIFICATE_POLICIES", [("notary", "1.2.3")], "koss.E017"),
        ("KOSS_CERTIFICATE_POLICIES", [("personal", "")], "koss.E017"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "koss.W007"),
    ],
)
def test_what_must_not_go_live(live, name, value, complaint):
    setattr(live, name, value)
    assert complaints() == [complaint]


def test_what_a_pool_cannot_give(settings, monkeypatch):
    def said(**entry):
        for name, value in entry.items():
            monkeypatch.setitem(settings.DATABASES["default"], name, value)
        return [message.id for message in settings_fit_a_pool(None)]

    entry = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": "-c a=b"}}
    assert said(**entry) == []
    settings.KOSS_DIRECT_DATABASE = entry
    assert said() == ["koss.E022"]
    assert said(OPTIONS={"sslmode": "require"}) == []
    assert said(ENGINE="django.db.backends.sqlite3") == ["koss.E022"]


@pytest.mark.postgres
def test_a_server_that_would_not_miss_a_dead_machine(monkeypatch):
    def said():
        found = pool.a_dead_machine_is_missed_soon(None, databases=["default"])
        return [message.id for message in found]

    assert said() == []  # asks the server itself
    for wire, complaint in (
        ((True, 7200, 75, 9), ["koss.W026"]),
        ((True, 10, 5, 3), []),
        ((False, 7200, 75, 9), []),
    ):
        monkeypatch.setattr(pool, "_wire", lambda wire=wire: wire)
        assert said() == complaint


def test_a_used_database_in_demo_mode(settings, an_application):
    an_application("検査申請受付中")
    settings.DEMO = True
    assert of_the_database() == ["koss.E001"]


def test_a_demos_database_in_earnest():
    DemoAccount.objects.create(receipt_number="21122310500030459", shows="-")
    assert of_the_database() == ["koss.E002"]
    with pytest.raises(CommandError, match="E002"):
        call_command("check", databases=["default"])


def test_the_database_is_asked_only_when_it_may_be(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert mode_fits_the_database(None, databases=None) == []


class TestWhetherItIsToBeADemo:
    @pytest.fixture(autouse=True)
    def _unsaid(self, monkeypatch):
        monkeypatch.delenv("KOSS_DEMO", raising=False)
        monkeypatch.delenv("DEMO", raising=False)

    @pytest.fixture
    def built_in(self, monkeypatch):
        monkeypatch.setattr("koss.demo.mode.is_built_in_database", lambda: True)

    def test_somebodys_database_never_is(self):
        assert serve.wants_demo() is False

    def test_the_built_in_one_is_when_it_is_empty(self, built_in):
        assert serve.wants_demo() is True

    def test_and_stays_one(self, built_in, an_application):
        an_application("検査申請受付中")
        DemoAccount.objects.create(receipt_number="21122310500030459", shows="-")
        assert serve.wants_demo() is True

    def test_but_not_when_it_is_used(self, built_in, an_application):
        an_application("検査申請受付中")
        assert serve.wants_demo() is False

    @pytest.mark.parametrize(("said", "meant"), [("0", False), ("1", True)])
    def test_what_is_said_counts(self, built_in, monkeypatch, said, meant):
        monkeypatch.setenv("KOSS_DEMO", said)
        assert serve.wants_demo() is meant

    def test_an_empty_database_on_demand(self, monkeypatch):
        monkeypatch.setenv("DEMO", "1")
        assert serve.wants_demo() is True

    def test_a_used_one_not_even_on_demand(self, monkeypatch, django_user_model):
        django_user_model.objects.create(username="me")
        monkeypatch.setenv("DEMO", "1")
        with pytest.raises(CommandError, match="empty database"):
            serve.wants_demo()


class TestWhereItIsReached:
    def test_by_its_own_address(self):
        environment = serve.environment_for("127.0.0.1", 8123, demo=True)
        assert environment["KOSS_ORIGIN"] == "http://127.0.0.1:8123"
        assert environment["KOSS_DEMO"] == "1"
        assert "KOSS_HOSTS" not in environment

    def test_by_the_address_it_is_bound_to(self):
        environment = serve.environment_for("192.0.2.7", 8000, demo=False)
        assert environment["KOSS_HOSTS"].split(",")[-1] == "192.0.2.7"
        assert environment["KOSS_DEMO"] == "0"

    def test_the_sandbox_bank_is_next_door_and_may_call(self, monkeypatch):
        monkeypatch.setenv("KOSS_HOSTS", "demo.example")
        environment = serve.environment_for("0.0.0.0", 8123, demo=True)
        assert environment["KOSS_BANK_ORIGIN"] == "http://127.0.0.1:8124"
        assert environment["BANK_PORT"] == "8124"
        assert environment["KOSS_BANK_SECRET"]
        assert environment["KOSS_ORIGIN"] == "http://127.0.0.1:8123"
        assert environment["KOSS_HOSTS"] == "demo.example,127.0.0.1"

    def test_what_was_said_stays(self, monkeypatch):
        monkeypatch.setenv("KOSS_ORIGIN", "https://demo.example")
        environment = serve.environment_for("::1", 8000, demo=True)
        assert environment["KOSS_ORIGIN"] == "https://demo.example"
