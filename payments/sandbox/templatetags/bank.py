"""How the bank writes yen, moments and long numbers."""

from django import template
from django.utils import timezone

from payments.sandbox.clock import JAPAN

register = template.Library()


@register.filter
def first_control(field):
    """The id of what a link to a bound field leads to: of a group, its first control."""
    if field.id_for_label:
        return field.id_for_label
    return next((each.id_for_label for each in field.subwidgets), field.auto_id)


@register.filter
def yen(amount):
    """12,345円"""
    return f"{amount:,}円"


@register.filter
def moment(value):
    """2026年4月1日 9時05分"""
    local = timezone.localtime(value, JAPAN)
    return f"{local.year}年{local.month}月{local.day}日 {local.hour}時{local.minute:02d}分"


@register.filter
def day(value):
    """2026年4月1日"""
    return f"{value.year}年{value.month}月{value.day}日"


@register.filter
def grouped(number):
    """Digits in groups of four."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
