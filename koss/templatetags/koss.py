"""How names, numbers, dates and amounts look. Built in for all templates."""

from datetime import datetime

from django import template
from django.conf import settings
from django.forms.widgets import ChoiceWidget
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext

from koss.ground import dates, numbers
from koss.ground.paging import COUNTED

register = template.Library()


@register.filter
def label(instance, field):
    """The official name of a model's field, or of a column: ``application|label:"plate"``."""
    return instance._meta.get_field(field).verbose_name


@register.filter
def chosen(instance, field):
    """The label of what a field with choices holds, to be said when it is shown."""
    return dict(instance._meta.get_field(field).flatchoices)[getattr(instance, field)]


@register.filter
def beside(words):
    """An official label with the Japanese one after it, where the reader's language is another.

    The counter and the papers speak Japanese. Text that is no label of the program stays as it is.
    """
    if not isinstance(words, Promise) or translation.get_language() == settings.LANGUAGE_CODE:
        return words
    said = str(words)
    with translation.override(settings.LANGUAGE_CODE):
        japanese = str(words)
    if said == japanese:
        return said
    return format_html('{} <span class="koss-beside" lang="ja">{}</span>', said, japanese)


@register.filter
def first_control(field):
    """The id of what a link to a bound field leads to: of a group, its first control.

    A form that draws a field itself names its control in ``control_of(name)``.
    """
    if hasattr(field.form, "control_of") and (drawn := field.form.control_of(field.name)):
        return drawn
    if isinstance(field, dict):  # what the admin shows and nobody changes
        return ""
    if field.id_for_label:
        return field.id_for_label
    if not isinstance(field.field.widget, ChoiceWidget):
        return field.auto_id
    return next((each.id_for_label for each in field.subwidgets), field.auto_id)


@register.filter
def moment(value):
    """2022年 05月 30日 15時 35分 15秒, in Japan's time; nothing for None."""
    if not value:
        return ""
    local = timezone.localtime(dates.bounded(value))
    at = gettext("%(hour)02d時 %(minute)02d分 %(second)02d秒")
    return f"{day(local)} {at % _time_parts(local)}"


@register.filter
def machine(value):
    """2022-05-30T15:35:15+09:00, for ``<time datetime>``, which knows no microseconds."""
    return timezone.localtime(dates.bounded(value)).isoformat(timespec="seconds")


@register.filter
def minute(value):
    """2019年 02月 24日 09時 30分, in Japan's time; nothing for None."""
    if not value:
        return ""
    local = timezone.localtime(value)
    at = gettext("%(hour)02d時 %(minute)02d分") % _time_parts(local)
    return f"{day(local)} {at}"


@register.filter
def day(value):
    """2022年 05月 25日; nothing for None."""
    value = _date(value)
    return gettext("%(year)d年 %(month)02d月 %(day)02d日") % dates.parts(value) if value else ""


@register.filter
def day_compact(value):
    """2022年06月25日, as in tables; nothing for None."""
    value = _date(value)
    return gettext("%(year)d年%(month)02d月%(day)02d日") % dates.parts(value) if value else ""


@register.filter
def day_in_text(iso):
    """2022年5月25日, as in a sentence, from the ISO date that a mail keeps."""
    if not iso:
        return ""
    value = dates.read_day(iso)
    return gettext("%(year)d年%(month)d月%(day)d日") % dates.parts(value)


@register.filter
def yen(amount):
    """¥ 1,100; nothing for None."""
    return "" if amount is None else f"¥ {amount:,}"


@register.filter
def counted(number):
    """12件, or 10,000件以上 where counting ended."""
    if number > COUNTED:
        return gettext("10,000件以上")
    return gettext("%(count)s件") % {"count": f"{number:,}"}


grouped = register.filter("grouped", numbers.grouped)


@register.filter
def neighbours(page):
    """The numbers of ``page`` and of up to two pages on either side."""
    last = page.paginator.num_pages
    return range(max(1, page.number - 2), min(last, page.number + 2) + 1)


def _time_parts(value):
    return {"hour": value.hour, "minute": value.minute, "second": value.second}


def _date(value):
    return timezone.localtime(dates.bounded(value)).date() if isinstance(value, datetime) else value


@register.simple_tag
def term(anchor, words):
    """``words`` as a link to their meaning in 用語集: ``{% term "correction" words %}``."""
    return format_html('<a href="{}#{}">{}</a>', reverse("glossary"), anchor, words)
