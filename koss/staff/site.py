"""The staff's site.

Nothing is registered here: this module is loaded while the site itself is being made.
"""

from functools import wraps
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import PasswordChangeView
from django.contrib.sessions.models import Session
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications.staff import roles
from applications.status import Actor
from koss.access import leftovers, offering
from koss.admin_kit.desk import joined
from koss.ground import addresses, clock
from koss.ground.names import PORTAL_NAME
from koss.staff import accounts
from koss.staff.forms import OwnPasswordForm, StaffLoginForm

_MUST_CHANGE = "must_change_password"


class KossAdminSite(admin.AdminSite):
    """Django's admin under the portal's name.

    ``desks``: functions of the apps that give a part of the first page, or None, for a user and
    this moment. ``reminders``: those that give a ``Reminder`` for a user, or None.
    """

    login_form = StaffLoginForm
    site_header = format_lazy("{} {}", PORTAL_NAME, _("職員用"))
    site_title = site_header
    index_title = _("職員の作業")
    # The list of applications needs the width.
    enable_nav_sidebar = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.desks = []
        self.reminders = []

    def admin_view(self, view, cacheable=False):
        """As Django's, but 404 where a key is longer than any key of a row can be.

        Django asks the database for it, which SQLite answers with an OverflowError. A session that
        has ended says so, and a password that somebody else set is changed before anything else.
        """

        @wraps(view)
        def guarded(request, *args, **kwargs):
            keys = [kwargs.get("object_id", ""), *request.POST.getlist(ACTION_CHECKBOX_NAME)]
            for name, values in request.GET.lists():
                if name != SEARCH_VAR:
                    keys += ",".join(values).split(",")
            if any(map(addresses.is_too_long, keys)):
                raise Http404
            answered = leftovers.let_in(request, _typist(request.user.pk))
            return answered or view(request, *args, **kwargs)

        signed_in = super().admin_view(guarded, cacheable)

        @wraps(view)
        def watched(request, *args, **kwargs):
            if _has_ended(request):
                context = {
                    **self.each_context(request),
                    "title": _("操作がなかったため、終了しました"),
                    "next": request.get_full_path() if request.method == "GET" else "",
                    "kept": _keep(request),
                }
                return render(request, "admin/ended.html", context, status=403)
            if request.session.get(_MUST_CHANGE) and not _is_way_out(request):
                return redirect("admin:password_change")
            return signed_in(request, *args, **kwargs)

        return watched

    def index(self, request, extra_context=None):
        """The user's desk: what waits, what expires, what was done, and then every list."""
        now = clock.now()
        desk = joined(ask(request.user, now) for ask in self.desks)
        facts = {
            "tiles": desk.tiles,
            "panels": desk.panels,
            "counter": roles.Role.COUNTER.label
            if Actor.COUNTER in roles.actors_of(request.user)
            else "",
            "reminders": [
                reminder for ask in self.reminders if (reminder := ask(request.user)) is not None
            ],
        }
        return super().index(request, facts | (extra_context or {}))

    def login(self, request, extra_context=None):
        """Django's login, after which ``next`` is a page of the admin or the first page."""
        request.GET, request.POST = _with_good_next(request.GET), _with_good_next(request.POST)
        response = super().login(request, extra_context)
        is_in = request.method == "POST" and response.status_code == HTTPStatus.FOUND
        if is_in and leftovers.is_waiting(request, _typist(request.user.pk)):
            query = urlencode({"next": response["Location"]})
            return redirect(f"{reverse('admin:typed')}?{query}")
        return response

    def get_urls(self):
        typed = path("typed/", self.admin_view(self.typed_before), name="typed")
        return [typed, *super().get_urls()]

    def typed_before(self, request):
        """What was typed and not sent, before this sign-in."""
        chosen = _with_good_next(request.GET).get("next", reverse("admin:index"))
        request.current_app = self.name
        return offering.page(
            request,
            base="admin/typed.html",
            first_page=chosen,
            more=self.each_context(request),
        )

    def password_change(self, request, extra_context=None):
        """Django's change, which takes no password of before, and notes whose the new one is."""
        request.current_app = self.name
        must_change = request.session.get(_MUST_CHANGE, False)
        response = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            template_name="registration/password_change_form.html",
            extra_context={
                **self.each_context(request),
                "must_change": must_change,
                **(extra_context or {}),
            },
        )(request)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            accounts.chose_own_password(request.user, now=clock.now())
            request.session.pop(_MUST_CHANGE, None)
        return response


def note_what_to_change(sender, request, user, **_rest):
    """Receiver of user_logged_in: from now on only the change of the password is open."""
    if accounts.must_change_password(user):
        request.session[_MUST_CHANGE] = True


user_logged_in.connect(note_what_to_change)


def _has_ended(request):
    """Whether the browser still names a session that is there no more."""
    if not request.COOKIES.get(settings.SESSION_COOKIE_NAME) or request.user.is_authenticated:
        return False
    return request.session.is_empty()  # somebody who left still has one


def _keep(request):
    """Whether a text of the session that has ended is kept: while it would still be good."""
    key = request.COOKIES[settings.SESSION_COOKIE_NAME]
    ended = Session.objects.filter(session_key=key).first()
    known = ended.get_decoded() if ended else {}
    user = User.objects.filter(pk=known.get(SESSION_KEY), is_active=True).first()
    if user is None or known.get(HASH_SESSION_KEY) != user.get_session_auth_hash():
        return False
    return leftovers.keep(request, _typist(user.pk), is_own=True)


def _typist(key):
    return f"staff:{key}"


def _is_way_out(request):
    ways = ("password_change", "password_change_done", "logout", "jsi18n")
    return request.path in {reverse(f"admin:{name}") for name in ways}


def _with_good_next(data):
    """``data`` of a request whose ``next``, if there is any, is a page of the admin."""
    where = data.get("next")
    if where is None or _leads_somewhere(where):
        return data
    data = data.copy()
    data["next"] = reverse("admin:index")
    return data


def _leads_somewhere(where):
    address = where.partition("?")[0]
    if not address.startswith(reverse("admin:index")):
        return False
    if not url_has_allowed_host_and_scheme(where, allowed_hosts=None):
        return False
    try:
        match = resolve(address)
    except Http404:
        return False
    return match.url_name is not None and match.url_name not in {"login", "logout"}
