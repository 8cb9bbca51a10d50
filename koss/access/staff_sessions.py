"""Sessions of staff: they end after KOSS_IDLE_MINUTES without a request.

Visitors have none: what they open are rows of their own (``koss.access.handles``). Each request
moves the end by an update of that one column, so it never writes back what another request changed.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends import db

from koss.ground import clock


class SessionStore(db.SessionStore):
    """Django's own, whose end is written with each use. ``settings.SESSION_ENGINE`` names it."""

    def _get_session_from_db(self):
        session = super()._get_session_from_db()
        if session:
            end = clock.system_now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
            if end - session.expire_date > timedelta(seconds=settings.IDLE_STEP_SECONDS):
                rows = self.model.objects.filter(
                    session_key=session.session_key, expire_date__lt=end
                )
                rows.update(expire_date=end)
        return session
