from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = _("申請")

    def ready(self):
        from applications import roles  # models can be imported only now

        post_migrate.connect(roles.load_after_migrations, sender=self)
