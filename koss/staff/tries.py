"""Counting wrong passwords at the staff's login, for django-axes, before they are looked at."""

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_failure_limit
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.db import transaction

from koss.access import sources
from koss.ground import clock


class CountsFirst(AxesDatabaseHandler):
    """The database handler, but a try is counted before it is checked.

    The library counts a failure after the password was checked, so guesses at once outrun it. Here
    the tries of one name from one source are counted one after the other, under the lock of the
    source's row; a right password takes the count back, as in the library.
    """

    def is_allowed(self, request, credentials=None):
        """Whether the password is looked at; it counts as wrong until it is right."""
        name, address = get_client_username(request, credentials), request.axes_ip_address
        now = request.axes_attempt_time
        with transaction.atomic():
            source = sources.lock(address, now=clock.now())
            counted = AccessAttempt.objects.filter(
                username=name, ip_address=address, user_agent=""
            ).first()
            if counted is None:
                if sources.write(source, now=clock.now()):
                    request.axes_locked_out, request.axes_credentials = True, credentials
                    return False
                request.koss_made_counter = True
                source.save()
                counted = AccessAttempt(username=name, ip_address=address, user_agent="")
                counted.failures_since_start = 0
            elif counted.attempt_time < get_cool_off_threshold(request):
                counted.failures_since_start = 0
            if counted.failures_since_start >= get_failure_limit(request, credentials):
                return False
            counted.failures_since_start += 1
            counted.attempt_time = now
            counted.path_info = request.axes_path_info
            counted.save()
        return True

    def user_logged_in(self, sender, request, user, **kwargs):
        """A right password also gives back what its counter cost the source."""
        super().user_logged_in(sender, request, user, **kwargs)
        if getattr(request, "koss_made_counter", False):
            with transaction.atomic():
                source = sources.lock(request.axes_ip_address, now=clock.now())
                sources.give_back(source)
                source.save()

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        """It was counted already: only say that this name is locked, when it is."""
        if request is None:
            return
        failures = self.get_failures(request, credentials)
        request.axes_failures_since_start = failures
        if failures >= get_failure_limit(request, credentials):
            request.axes_locked_out, request.axes_credentials = True, credentials
            user_locked_out.send(
                "axes",
                request=request,
                username=get_client_username(request, credentials),
                ip_address=request.axes_ip_address,
            )
