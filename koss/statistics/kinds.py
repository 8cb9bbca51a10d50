"""Which kinds of statistics there are, and which roles see them."""

from collections.abc import Callable, Set
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from applications.staff.roles import Role, duties_of
from koss.statistics import of_applications, of_operation

_OFFICES = frozenset({Role.REVIEWER, Role.TAX_OFFICE})
_WITH_COUNTER = _OFFICES | {Role.COUNTER}
_OPERATOR = frozenset({Role.OPERATOR})


@dataclass(frozen=True, slots=True)
class Statistic:
    """``count``: (user, first day, last day) to a ``koss.statistics.table.Counted``."""

    key: str
    title: str
    roles: Set[Role]
    count: Callable


KINDS = (
    Statistic("arrivals", _("日ごとの申請"), _WITH_COUNTER, of_applications.arrivals),
    Statistic(
        "offices", _("事務所等ごとの申請"), _WITH_COUNTER, of_applications.arrivals_by_office
    ),
    Statistic("decisions", _("審査の結果と日数"), _OFFICES, of_applications.decisions),
    Statistic("ends", _("取り下げと期限切れ"), _OFFICES, of_applications.ends),
    Statistic("pickups", _("窓口での受け渡し"), _WITH_COUNTER, of_applications.pickups),
    Statistic("payments", _("日ごとの入金"), _OPERATOR, of_operation.payments),
    Statistic("refunds", _("日ごとの還付"), _OPERATOR, of_operation.refunds),
    Statistic("mails", _("日ごとのメール"), _OPERATOR, of_operation.mails),
)


def kinds_for(user):
    """Key → Statistic, of those that ``user`` may see. A superuser sees all."""
    duties = duties_of(user)
    return {kind.key: kind for kind in KINDS if duties.sees_everything or kind.roles & duties.roles}
