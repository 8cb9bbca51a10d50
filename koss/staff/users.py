"""Staff and their roles. Operators keep the list; nobody gives a role to oneself."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.staff.roles import Role
from koss.admin_kit import search
from koss.admin_kit.lists import ReadOnlyAdmin, StaffAdmin
from koss.ground import clock
from koss.ground.form_fields import MailField, NameField
from koss.ground.joining import listed
from koss.models import StaffEvent
from koss.staff import accounts
from koss.staff.forms import StaffChangeForm

_READ_BY = {"last_name": NameField, "first_name": NameField, "email": MailField}

# Django's own registrations, replaced below.
admin.site.unregister([Group, User])


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin, GroupAdmin):
    """A role's permissions are declared in ``applications.staff.roles``, not here."""

    list_display = ["role", "members"]
    fields = ["role", "members"]
    readonly_fields = ["role", "members"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("user_set")

    @admin.display(description=_("役割"))
    def role(self, group):
        return Role(group.name).label if group.name in Role.values else group.name

    @admin.display(description=_("担当者"))
    def members(self, group):
        return listed(user.get_username() for user in group.user_set.all())


@admin.register(User)
class StaffUserAdmin(StaffAdmin, UserAdmin):
    """People are never deleted, only made inactive: records name them."""

    form = StaffChangeForm
    list_display = ["username", "last_name", "first_name", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    searches = (
        search.Words(
            _("ユーザー名・氏名・メールアドレス"), "username", "last_name", "first_name", "email"
        ),
    )
    filter_horizontal = ()
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
    ]
    _FIELDSETS = [
        (None, {"fields": ["username", "password"]}),
        (_("職員"), {"fields": ["last_name", "first_name", "email"]}),
        (_("役割"), {"fields": ["is_active", "is_staff", "groups"]}),
    ]
    _OWN = ["is_active", "is_staff", "groups"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        if obj:
            form.may_give_roles = accounts.may_give_roles(request.user, obj)
        return form

    def get_fieldsets(self, request, obj=None):
        return self._FIELDSETS if obj else self.add_fieldsets

    def get_readonly_fields(self, request, obj=None):
        return self._OWN if obj == request.user else []

    def has_change_permission(self, request, obj=None):
        """A superuser is changed by superusers only."""
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Django's own model is read as the house reads names and addresses."""
        if form_class := _READ_BY.get(db_field.name):
            kwargs["form_class"] = form_class
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field and db_field.name == "groups":
            field.label, field.help_text = _("役割"), ""
            field.queryset = Group.objects.filter(name__in=Role.values)
            field.label_from_instance = lambda group: Role(group.name).label
        return field

    def save_model(self, request, obj, form, change):
        """Everybody entered here is staff: nobody else has an account."""
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)
        if not change:
            accounts.password_was_set(obj, by=request.user, now=clock.now())

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "groups" in form.changed_data:
            accounts.roles_were_changed(form.instance, by=request.user, now=clock.now())

    def user_change_password(self, request, id, form_url=""):
        """Django's page; what it sets has to be changed by its owner and takes the roles away."""
        with transaction.atomic():
            before = self.get_object(request, id)
            response = super().user_change_password(request, id, form_url)
            user = before and User.objects.get(pk=before.pk)
            if user and user.password != before.password:
                taken = accounts.password_was_set(user, by=request.user, now=clock.now())
                if taken:
                    self.message_user(
                        request,
                        _("パスワードを設定したため、役割（%(roles)s）を外しました。"
                          "役割は、ほかの運用担当が付け直してください。")
                        % {"roles": listed(taken)},
                        messages.WARNING,
                    )  # fmt: skip
        return response

    @admin.display(description=_("役割"))
    def roles(self, user):
        names = [group.name for group in user.groups.all()]
        return listed(role.label for role in Role if role in names)


@admin.register(StaffEvent)
class StaffEventAdmin(ReadOnlyAdmin):
    """Who set whose password, and who gave which roles."""

    list_display = fields = ["at", "user", "kind", "detail_shown", "by"]
    readonly_fields = ["detail_shown"]
    list_select_related = ["user", "by"]
    list_filter = ["kind"]
    searches = (search.Exact(_("ユーザー名"), "user__username", read=str.strip),)
    sortable_by = ()

    @admin.display(description=StaffEvent._meta.get_field("detail").verbose_name)
    def detail_shown(self, event):
        names = event.detail.split()
        return listed(role.label for role in Role if role in names) or "-"
