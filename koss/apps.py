from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class KossConfig(AppConfig):
    name = "koss"
    verbose_name = _("ポータル")
    default = True

    def ready(self):
        from koss import checks as checks  # registers them; models can be imported only now


class KossAdminConfig(admin_apps.AdminConfig):
    """Django's admin, with the portal's own site in it."""

    default = False
    default_site = "koss.admin_site.KossAdminSite"
