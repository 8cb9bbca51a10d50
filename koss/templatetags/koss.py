"""How names, numbers, dates and amounts look. Built in for all templates."""

from datetime import datetime

from django import template
from django.utils import timezone

from koss import numbers

register = template.Library()


@register.filter
def label(instance, field):
    """The official name of a model's field, or of a column: ``application|label:"plate"``."""
    return instance._meta.get_field(field).verbose_name


@register.filter
def moment(value):
    """2022年 05月 30日 15時 35分 15秒, in Japan's time; nothing for None."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return f"{day(local.date())} {local.hour:02}時 {local.minute:02}分 {local.second:02}秒"


@register.filter
def minute(value):
    """2019年 02月 24日 09時 30分, in Japan's time; nothing for None."""
    return moment(value).rpartition(" ")[0]


@register.filter
def day(value):
    """2022年 05月 25日; nothing for None."""
    value = _date(value)
    return f"{value.year}年 {value.month:02}月 {value.day:02}日" if value else ""


@register.filter
def day_compact(value):
    """2022年06月25日, as in tables; nothing for None."""
    return day(value).replace(" ", "")


@register.filter
def yen(amount):
    """¥ 1,100; nothing for None."""
    return "" if amount is None else f"¥ {amount:,}"


grouped = register.filter("grouped", numbers.grouped)


@register.filter
def neighbours(page):
    """The numbers of ``page`` and of up to two pages on either side."""
    last = page.paginator.num_pages
    return range(max(1, page.number - 2), min(last, page.number + 2) + 1)


def _date(value):
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
