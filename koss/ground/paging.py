"""Lists that open as fast over millions of rows as over ten."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

# How far anything is counted on a screen; one more stands for "more than that".
COUNTED = 10_000


class CappedPaginator(Paginator):
    """Counts no further than ``CAP`` rows, so that a list of millions opens as fast as a short one.

    What lies beyond is reached by searching and filtering.
    """

    CAP = COUNTED

    @cached_property
    def _counted(self):
        return self.object_list.order_by().values("pk")[: self.CAP + 1].count()

    @property
    def count(self):
        return min(self._counted, self.CAP)

    @property
    def is_capped(self):
        """There are more rows than ``count`` says."""
        return self._counted > self.CAP
