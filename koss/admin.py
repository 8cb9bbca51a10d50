"""The staff's site, and the read-only ground on which every staff screen stands."""

from django.contrib import admin


class KossAdminSite(admin.AdminSite):
    pass
