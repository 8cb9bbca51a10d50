"""The offices of サービス対象手続・地域: by prefecture, each with a way to a map."""

from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings

from applications.labels import Party
from applications.models import Office


class ListedOffice(NamedTuple):
    """``map_url`` "": the operator wants no link."""

    office: Office
    map_url: str


def by_prefecture():
    """Pairs of a prefecture and its offices, in the order that staff gave them."""
    listed = [ListedOffice(office, _map_url(office)) for office in Office.objects.all()]
    return [
        (prefecture, list(together))
        for prefecture, together in groupby(listed, lambda each: each.office.prefecture)
    ]


def _map_url(office):
    known = office.address or office.prefecture
    place = f"{Party.ASSOCIATION.label} {office.name} {known}"
    return settings.KOSS_MAP_URL.replace("{place}", quote(place))
