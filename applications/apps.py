from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = _("申請")

    def ready(self):
        from applications.following import opening
        from applications.inquiry import signing_in
        from applications.life import corrections
        from applications.papers import asking

        signing_in.still_open.append(opening.stands_open)
        corrections.answered.add(asking.begin_again)
