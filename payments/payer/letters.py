"""Mails to payment users about their own access."""

from koss.mail import outbox


def letter(user, template, event, *, to=None, sealed=False, **facts):
    """A mail to 利用者管理用メールアドレス, or to ``to``. ``event``: what makes it the only one."""
    return outbox.Letter(
        key=f"{template}:{user.user_id}:{event}",
        template=template,
        to=to or user.admin_email,
        facts={"name": user.name, "user_id": user.user_id, "bulk_id": user.bulk_id, **facts},
        language=user.language,
        sealed=sealed,
    )
