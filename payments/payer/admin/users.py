"""納付利用者: found, looked at, locked and initialised. Nobody sees or sets a password here."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koss.access import passwords
from koss.admin_kit import search
from koss.ground import clock
from koss.ground.joining import listed
from koss.templatetags.koss import moment
from payments.models import DirectAccount, PaymentInformation, PaymentUser, UserEvent
from payments.models.user import PASSWORD_VALID
from payments.payer import barring, resets, users
from payments.staff import finding
from payments.staff.duties import acting, may_act
from payments.staff.forms import AccessReasonForm
from payments.staff.reading import (
    PageAdmin,
    Table,
    called,
    first,
    headings,
    link_to,
    list_of,
    rows_of,
    shown,
)


class Access:
    """Whether a user can sign in, in words."""

    OPEN = _("利用中")
    EXPIRED = _("パスワード有効期限切れ")
    LOCKED = _("ロック中（パスワードの誤り）")
    LOCKED_BY_STAFF = _("ロック中（職員）")


_ACCESS = _("利用状況")
_LOCK = _("ロックする")
_UNLOCK = _("ロックを解除する")
_RESET = _("パスワード初期化メールを送る")


def access_of(user, is_locked, now):
    """All that keeps ``user`` out at ``now``, or that nothing does."""
    found = []
    if user.staff_locked_at:
        found.append(Access.LOCKED_BY_STAFF)
    if is_locked:
        found.append(Access.LOCKED)
    if users.is_expired(user, now):
        found.append(Access.EXPIRED)
    return listed(found or [Access.OPEN])


class AccessFilter(admin.SimpleListFilter):
    """Wrong passwords are counted under a hash of the ID, so a list cannot be narrowed by them."""

    title = _ACCESS
    parameter_name = "access"

    def lookups(self, request, model_admin):
        return [("locked", Access.LOCKED_BY_STAFF), ("expired", Access.EXPIRED)]

    def queryset(self, request, queryset):
        if self.value() == "locked":
            return queryset.filter(staff_locked_at__isnull=False)
        if self.value() == "expired":
            return queryset.filter(password_set_at__lte=clock.now() - PASSWORD_VALID)
        return queryset


@admin.register(PaymentUser)
class PaymentUserAdmin(PageAdmin):
    """IDs are issued on the portal and never deleted; details are changed by the user alone."""

    list_display = ["user_id", "bulk_id", "name", "admin_email", "issued_at", "access"]
    list_filter = [AccessFilter]
    searches = (
        finding.by_user(""),
        search.Mail(_("メールアドレス"), "admin_email", "status_email"),
        search.Names(_("氏名・会社名（フリガナも可）"), "names"),
    )
    sortable_by = ()
    page_template = "admin/payments/user.html"

    def get_urls(self):
        def staff(view):
            return self.admin_site.admin_view(view)

        name = "payments_paymentuser"
        return [
            path("<key:pk>/lock/", staff(self.lock_view), name=f"{name}_lock"),
            path("<key:pk>/unlock/", staff(self.unlock_view), name=f"{name}_unlock"),
            path("<key:pk>/reset/", staff(self.reset_view), name=f"{name}_reset"),
            *super().get_urls(),
        ]

    def get_changelist_instance(self, request):
        """The locks of all rows of the page are read at once."""
        changelist = super().get_changelist_instance(request)
        changelist.result_list = rows = list(changelist.result_list)
        now = clock.now()
        locked = passwords.locked_among(users.LOCK_KIND, [user.user_id for user in rows])
        for user in rows:
            user.access = access_of(user, user.user_id in locked, now)
        return changelist

    @admin.display(description=_ACCESS)
    def access(self, user):
        return user.access

    def title_of(self, user):
        return f"{user.user_id} {user.name}"

    def page_of(self, request, user):
        acts = may_act(request.user)
        return {
            "rows": _rows(user),
            "tables": [
                _batches(user, request.user),
                _accounts(user, request.user),
                _events(user),
            ],
            "acts": acts,
            "labels": {"lock": _LOCK, "unlock": _UNLOCK, "reset": _RESET},
        }

    @acting
    def lock_view(self, request, pk):
        """Keep the user out, whatever the password."""
        return self._bar(request, pk, barring.lock, "lock", _LOCK)

    @acting
    def unlock_view(self, request, pk):
        """Lift what ``lock_view`` did."""
        return self._bar(request, pk, barring.unlock, "unlock", _UNLOCK)

    def _bar(self, request, pk, act, name, label):
        """Ask for the reason, then do what the button said; the second time nothing happens."""
        user = self.row_or_404(request, pk)
        form = AccessReasonForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return self._ask(request, user, name, label, form)
        event = act(
            user,
            by=request.user.get_username(),
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
        if event:
            messages.success(request, gettext("記録しました：%s") % event.get_kind_display())
        else:
            messages.warning(
                request, gettext("すでにその状態になっています。何も記録していません。")
            )
        return redirect("admin:payments_paymentuser_change", pk)

    @acting
    def reset_view(self, request, pk):
        """Have the link mailed with which the user sets a new password."""
        user = self.row_or_404(request, pk)
        if request.method != "POST":
            return self._ask(request, user, "reset", _RESET)
        name = request.user.get_username()
        if resets.ask(user.user_id, now=clock.now(), source="", by=name):
            messages.success(
                request, gettext("パスワード初期化のメールを送ります。宛先：%s") % user.admin_email
            )
        else:
            messages.warning(
                request,
                gettext("直前の5分間にメールを送っているため、新しいメールは送りませんでした。"),
            )
        return redirect("admin:payments_paymentuser_change", pk)

    def _ask(self, request, user, name, label, form=None):
        page = {"rows": _rows(user), "act": name, "act_label": label, "form": form}
        return self.render(request, user, "admin/payments/user_act.html", page)


def _rows(user):
    is_locked = passwords.is_locked(users.LOCK_KIND, user.user_id)
    return [
        (_ACCESS, access_of(user, is_locked, clock.now())),
        *rows_of(
            user,
            "user_id",
            "bulk_id",
            "name",
            "name_kana",
            "representative",
            "admin_email",
            "status_email",
            "issued_at",
            "updated_at",
            "password_set_at",
        ),
        (_("パスワード有効期限"), moment(user.password_expires_at())),
        *rows_of(user, "staff_locked_at"),
    ]


def _batches(user, staff):
    rows, has_more = first(user.batches.order_by("-due_on", "-pk"))
    names = ("state", "method", "kind", "amount", "count", "due_on", "requested_at")
    may_open = staff.has_perm("payments.view_paymentinformation")
    return Table(
        "batches",
        PaymentInformation._meta.verbose_name,
        headings(PaymentInformation, "payment_number", *names),
        [
            [
                link_to(each, called(each)) if may_open else called(each),
                *(shown(each, name) for name in names),
            ]
            for each in rows
        ],
        more=list_of(PaymentInformation, user.user_id) if has_more and may_open else "",
    )


def _accounts(user, staff):
    rows, has_more = first(user.accounts.order_by("pk"))
    names = ("kind", "bank_name", "branch_name", "state", "made_at", "decided_at")
    may_open = staff.has_perm("payments.view_directaccount")
    return Table(
        "accounts",
        DirectAccount._meta.verbose_name,
        headings(DirectAccount, "account_id", *names),
        [
            [
                link_to(each) if may_open else each.account_id,
                *(shown(each, name) for name in names),
            ]
            for each in rows
        ],
        more=list_of(DirectAccount, user.user_id) if has_more and may_open else "",
    )


def _events(user):
    rows, has_more = first(user.events.order_by("-pk"))
    names = ("at", "kind", "by", "reason", "source")
    return Table(
        "events",
        UserEvent._meta.verbose_name,
        headings(UserEvent, *names),
        [[shown(event, name) for name in names] for event in rows],
        more=list_of(UserEvent, user.user_id) if has_more else "",
    )
