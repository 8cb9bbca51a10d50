from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.db.models.signals import post_migrate, pre_save
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from koss.ground.addresses import KeyConverter


class KossConfig(AppConfig):
    name = "koss"
    verbose_name = _("ポータル")
    default = True

    def ready(self):
        # Models can be imported only now. The import registers the checks.
        from applications.life import feed
        from koss.ground import name_search, request_ids
        from koss.hooks import rounds
        from koss.operation import checks as checks
        from koss.operation import pool as pool
        from koss.portal import kept_pages, planned_stops
        from koss.staff import permissions

        register_converter(KeyConverter, "key")
        post_migrate.connect(
            permissions.load_after_migrations, sender=apps.get_app_config("applications")
        )
        post_migrate.connect(name_search.ensure)
        planned_stops.watch()
        kept_pages.watch()
        feed.noted.add(rounds.wake)
        pre_save.connect(request_ids.keep_in_task, sender="django_tasks_database.DBTaskResult")


class KossAdminConfig(admin_apps.AdminConfig):
    """Django's admin, with the portal's own site in it."""

    default = False
    default_site = "koss.staff.site.KossAdminSite"


class StaticFiles(StaticFilesConfig):
    """What is collected, without the second reader of descriptions that django-ninja brings."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc.standalone.js*"]
