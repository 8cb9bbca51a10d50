"""お知らせ for one application, and what staff note about its papers."""

import pytest

from applications.life import announcements, attachments
from applications.status import Actor
from koss.ground import clock

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def announce(application, text, actor=Actor.REVIEWER):
    return announcements.announce(application, text, actor=actor, by="shinsa", now=clock.now())


def test_an_announcement_stands_until_it_is_ended(an_application):
    application = an_application("検査申請審査中")

    announcement = announce(application, "窓口の時間が変わります。")

    assert list(announcements.announcements_of(application)) == [announcement]
    announcements.end(announcement, actor=Actor.REVIEWER, now=clock.now())
    announcements.end(announcement, actor=Actor.REVIEWER, now=clock.now())
    assert list(announcements.announcements_of(application)) == []


def test_the_same_text_twice_is_one_announcement(an_application):
    application = an_application("検査申請審査中")

    assert announce(application, "同じ文") == announce(application, "同じ文")
    assert announce(application, "別の文").agency == "inspection_office"
    assert announce(application, "税の文", Actor.TAX_OFFICE).agency == "tax_office"


def test_an_announcement_leaves_the_application_as_it_is(an_application):
    application = an_application("検査申請補正待ち")
    before = type(application).objects.values().get(pk=application.pk)

    announce(application, "窓口の時間が変わります。")

    assert type(application).objects.values().get(pk=application.pk) == before
    assert application.notices.open_corrections().count() == 1


def test_only_staff_who_handle_applications_announce(an_application):
    with pytest.raises(announcements.NoAnnouncer):
        announce(an_application("検査申請審査中"), "文", Actor.APPLICANT)


def test_an_attachment_is_marked_once(an_application):
    application = an_application("検査申請審査中")
    attachment = application.attachments.first()

    assert attachments.mark(attachment, "obtained", actor=Actor.REVIEWER, now=clock.now())
    assert not attachments.mark(attachment, "obtained", actor=Actor.REVIEWER, now=clock.now())
    attachment.refresh_from_db()
    assert attachment.state == "obtained"


@pytest.mark.parametrize(
    ("status", "actor"),
    [
        ("検査申請審査中", Actor.COUNTER),
        ("検査申請審査中", Actor.APPLICANT),
        ("検査申請却下", Actor.REVIEWER),
    ],
)
def test_papers_are_marked_by_reviewers_while_the_application_lives(an_application, status, actor):
    application = an_application(status)

    with pytest.raises(attachments.MayNotMark):
        attachments.mark(application.attachments.first(), "obtained", actor=actor, now=clock.now())
    with pytest.raises(attachments.MayNotMark):
        attachments.confirm_annual_tax(application, True, actor=actor, now=clock.now())


def test_the_annual_tax_of_a_continued_inspection(an_application):
    application = an_application("検査申請審査中", annual_tax_confirmed=None)

    assert attachments.confirm_annual_tax(application, False, actor=Actor.REVIEWER, now=clock.now())
    assert not attachments.confirm_annual_tax(
        application, False, actor=Actor.REVIEWER, now=clock.now()
    )
    application.refresh_from_db()
    assert application.annual_tax_confirmed is False
    assert attachments.confirm_annual_tax(application, None, actor=Actor.REVIEWER, now=clock.now())


def test_a_new_vehicle_has_no_annual_tax_yet(an_application):
    application = an_application("検査申請審査中", "新車")

    with pytest.raises(attachments.MayNotMark):
        attachments.confirm_annual_tax(application, True, actor=Actor.REVIEWER, now=clock.now())
