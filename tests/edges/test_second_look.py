"""A second pair of eyes: proposed by one, confirmed or sent back by another, ended by any move."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from applications.life import moves, proposals
from applications.models import Proposal
from applications.status import Actor, MoveName
from koss.ground import clock
from koss.operation import checks
from tests.staff import field_of, signed_in, text_of
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.django_db]

DESK = reverse("admin:index")
LIST = "/admin/applications/application/"
REASON = "不備があります。"


@pytest.fixture(autouse=True)
def two_are_needed(settings):
    settings.KOSS_SECOND_REVIEW = ["reject", "pass_review", "pass_tax"]


@pytest.fixture
def first():
    return signed_in("reviewer", username="first")


@pytest.fixture
def second():
    return signed_in("reviewer", username="second")


def move_url(application, name="reject"):
    return reverse("admin:applications_application_move", args=[application.pk, name])


def second_url(application):
    return reverse("admin:applications_application_second", args=[application.pk])


def proposes(client, application, name="reject", **form):
    """Press the button as it stands on the page; {"reason": …} unless told otherwise."""
    url = move_url(application, name)
    key = field_of(client.get(url), "request_key")
    return client.post(url, {"request_key": key, **(form or {"reason": REASON})})


def answers(client, application, **form):
    url = second_url(application)
    return client.post(url, {"proposal": Proposal.objects.latest("pk").pk, **form})


def test_one_proposes_and_another_confirms(first, second):
    application = make("検査申請審査中")

    asked = text_of(first.get(move_url(application)))
    proposes(first, application, reason=REASON, note="写真を見てください。")
    application.refresh_from_db()
    waits = (application.get_status_display(), application.version)
    waiting = text_of(second.get(f"{LIST}{application.pk}/change/"))
    page = text_of(second.get(second_url(application)))
    answers(second, application)

    application.refresh_from_db()
    entry = application.history.last()
    assert "ほかの職員が確認したときに処理されます。" in asked
    assert "確認されるまでは、差し戻して取りやめることができます。" in asked
    assert "提案した「却下する」が、2人目の確認を待っています。" in waiting
    assert waits == ("検査申請審査中", application.version - 1)
    for words in ("first", REASON, "写真を見てください。", "検査申請却下"):
        assert words in page
    assert application.get_status_display() == "検査申請却下"
    assert (entry.by, entry.seconded_by, entry.reason) == ("first", "second", REASON)
    shown = text_of(second.get(f"{LIST}{application.pk}/change/"))
    assert "写真を見てください。 確認済 second" in shown


def test_nobody_confirms_the_own_proposal(first):
    application = make("検査申請審査中")
    proposes(first, application)

    page = text_of(first.get(second_url(application)))
    answer = answers(first, application)

    application.refresh_from_db()
    assert "自分では確認できません" in page
    assert "確認して処理する" not in page
    assert answer.status_code == 403
    assert application.get_status_display() == "検査申請審査中"


def test_sent_back_it_says_why_and_can_be_proposed_again(first, second):
    application = make("検査申請審査中")
    proposes(first, application)

    without = answers(second, application, back="1")
    answers(second, application, back="1", answer="理由が足りません。")
    again = proposes(first, application)

    assert "差し戻しの理由を入力してください。" in text_of(without)
    assert "理由が足りません。" in text_of(first.get(f"{LIST}{application.pk}/change/"))
    assert again.status_code == 302
    assert list(Proposal.objects.order_by("pk").values_list("state", flat=True)) == [
        "sent_back",
        "waiting",
    ]


def test_what_moved_meanwhile_ends_the_proposal_with_the_409_page(first, second):
    application = make("検査申請審査中")
    proposes(first, application)
    moves.perform(
        MoveName.ORDER_CORRECTION,
        application,
        actor=Actor.REVIEWER,
        now=clock.now(),
        inputs=moves.Inputs(reason=REASON, deadline=clock.today(), fields=("chassis_number",)),
    )

    for answer in (second.get(second_url(application)), answers(second, application)):
        assert answer.status_code == 409
        assert "現在の状況では行えません。" in text_of(answer)
    shown = text_of(second.get(f"{LIST}{application.pk}/change/"))
    assert "無効（申請状況が先に変わりました）" in shown
    assert "2人目の確認を待っています" not in shown


def test_a_second_proposal_is_refused_and_names_the_first(first, second):
    application = make("検査申請審査中")
    old = moves.RequestKey.fresh(application)
    proposes(first, application)

    again = second.post(move_url(application), {"request_key": str(old), "reason": REASON})

    assert again.status_code == 409
    assert "firstが提案した「却下する」が、2人目の確認を待っています。" in text_of(again)
    assert Proposal.objects.count() == 1


def test_pressed_twice_it_is_one_proposal_and_one_move(first, second):
    application = make("検査申請審査中")
    form = {"request_key": str(moves.RequestKey.fresh(application)), "reason": REASON}

    pressed = [first.post(move_url(application), form).status_code for _ in range(2)]
    confirmed = [answers(second, application).status_code for _ in range(2)]

    assert pressed + confirmed == [302] * 4
    assert application.history.filter(move="reject").count() == 1


def test_desk_and_lists_show_what_waits_for_others(first, second):
    application, other = make("検査申請審査中"), make("検査申請審査中")
    proposes(first, application)
    work = f"{LIST}?work=second"

    assert "2人目の確認待ち 1" in text_of(second.get(DESK))
    assert "2人目の確認待ち 0" in text_of(first.get(DESK))
    assert second.get(work).context["cl"].result_count == 1
    assert first.get(work).context["cl"].result_count == 0
    assert "検査申請審査中 2人目の確認待ち" in text_of(second.get(LIST))
    # Who waits for somebody else is not led back to it.
    onward = first.get(reverse("admin:applications_application_next", args=[other.pk]))
    assert f"/{application.pk}/" not in onward["Location"]
    assert (
        move_url(application) not in first.get(f"{LIST}{application.pk}/change/").content.decode()
    )
    assert "2人目の確認待ち" not in text_of(signed_in("counter").get(DESK))


def test_many_at_once_are_proposed(first):
    rows = [make("検査申請審査中") for _ in range(2)]
    named = [f"{row.pk}:{moves.RequestKey.fresh(row)}" for row in rows]
    url = reverse("admin:applications_application_bulk", args=["reject"])

    asked = first.post(url, {"row": named, "reason": ""})
    answer = first.post(url, {"row": named, "reason": REASON}, follow=True)

    assert "「却下する」を提案します。" in text_of(asked)
    assert "取り消すことはできません" not in text_of(asked)
    assert "2件は、2人目の確認待ちです。" in text_of(answer)
    assert Proposal.objects.count() == 2


def test_what_was_said_is_carried_out_as_it_was_said():
    said = moves.Inputs(
        reason=REASON,
        deadline=clock.today(),
        fields=("plate",),
        attachments=("certificate",),
        changes={"acquisition_price": 1_500_000, "vehicle_tax_rate": Decimal("0.5")},
    )
    kept = Proposal(said=proposals._kept(said))

    assert proposals.said(kept) == said


def test_only_who_can_make_the_move_confirms_it(first):
    application = make("検査申請審査中")
    proposes(first, application)

    assert signed_in("tax_office").get(second_url(application)).status_code == 403
    assert signed_in("operator").get(second_url(application)).status_code == 403
    assert first.get(second_url(make("検査申請審査中"))).status_code == 404
    assert first.post(second_url(application), {"proposal": "x"}).status_code == 404


@pytest.mark.parametrize("key", ["", "x", "9" * 5000])
def test_a_form_about_no_proposal_finds_none(second, key):
    application = make("検査申請審査中")

    assert second.post(second_url(application), {"proposal": key}).status_code == 404


def test_no_way_around_it(settings):
    application = make("検査申請審査中")
    said = {"actor": Actor.REVIEWER, "now": clock.now(), "inputs": moves.Inputs(reason=REASON)}

    for seconded_by in ("", "first"):
        with pytest.raises(ValueError, match="somebody else"):
            moves.perform("reject", application, by="first", seconded_by=seconded_by, **said)
    settings.KOSS_SECOND_REVIEW = []
    entry = moves.perform("reject", application, by="first", seconded_by="second", **said)

    assert entry.seconded_by == ""
    assert User.objects.count() == 0


def test_a_setting_that_names_no_move_of_a_reviewer_is_told(settings):
    assert not [each for each in checks.settings_fit_each_other(None) if each.id == "koss.E027"]
    settings.KOSS_SECOND_REVIEW = ["reject", "settle", "typo"]

    [said] = [each for each in checks.settings_fit_each_other(None) if each.id == "koss.E027"]
    assert "settle, typo" in said.msg


def test_practice_staff_act_as_two():
    entry = make("検査申請却下").history.get(move="reject")

    assert (entry.by, entry.seconded_by) == ("shinsa", "shinsa-2")
