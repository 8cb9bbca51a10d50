"""Staff see the applications that their role reaches, and what hangs on these."""

from applications.staff import roles
from koss.admin_kit.lists import ReadOnlyAdmin


class ReachAdmin(ReadOnlyAdmin):
    """``path_to_application``: lookup from a row to its application, ending in ``__``."""

    path_to_application = ""

    def get_queryset(self, request):
        reach = roles.in_reach_of(request.user, self.path_to_application)
        return super().get_queryset(request).filter(reach)
