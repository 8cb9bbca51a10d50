"""Staff and their roles. Operators keep the list; nobody gives a role to oneself."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _

from applications.roles import Role
from koss.admin_site import ReadOnlyAdmin, StaffAdmin

# Django's own registrations, replaced below.
admin.site.unregister([Group, User])


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin, GroupAdmin):
    """A role's permissions are declared in ``applications.roles``, not here."""

    list_display = ["role", "members"]
    fields = ["role", "members"]
    readonly_fields = ["role", "members"]
    search_fields = ()

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("user_set")

    @admin.display(description=_("役割"))
    def role(self, group):
        return Role(group.name).label if group.name in Role.values else group.name

    @admin.display(description=_("担当者"))
    def members(self, group):
        return "、".join(user.get_username() for user in group.user_set.all())


@admin.register(User)
class StaffUserAdmin(StaffAdmin, UserAdmin):
    """People are never deleted, only made inactive: records name them."""

    list_display = ["username", "last_name", "first_name", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
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
        """Whoever is entered here is staff: nobody else has an account."""
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)

    @admin.display(description=_("役割"))
    def roles(self, user):
        names = [group.name for group in user.groups.all()]
        return "、".join(str(role.label) for role in Role if role in names)
