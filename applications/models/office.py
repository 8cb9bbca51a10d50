"""The association's offices, and whose desk stands in which."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koss.ground.model_fields import LineColumn, NameColumn


class Office(models.Model):
    """軽自動車検査協会事務所等: where an application is addressed to and its papers are fetched."""

    name = NameColumn(_("事務所名"), max_length=40)
    prefecture = NameColumn(_("所在都道府県"), max_length=10)
    # What only staff know: "" until somebody enters it.
    address = LineColumn(_("住所"), max_length=200, blank=True)
    hours = LineColumn(_("受付時間"), max_length=100, blank=True)
    order = models.PositiveSmallIntegerField(_("表示順"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("事務所等")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["name"], name="one_office_per_name")]

    def __str__(self):
        return self.name


class OfficeArea(models.Model):
    """A place whose vehicles belong to an office, as an address begins with it: 東京都品川区."""

    place = LineColumn(_("区域"), max_length=60)
    office = models.ForeignKey(
        Office, models.CASCADE, verbose_name=_("事務所等"), related_name="areas"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("管轄区域")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["place"], name="one_office_per_area")]

    def __str__(self):
        return self.place

    @classmethod
    def office_of(cls, address):
        """The office to whose area ``address`` belongs, by its longest beginning, or None."""
        most = cls._meta.get_field("place").max_length
        beginnings = [address[:length] for length in range(2, min(len(address), most) + 1)]
        found = cls.objects.filter(place__in=beginnings).select_related("office")
        area = max(found, key=lambda each: len(each.place), default=None)
        return area and area.office


class CounterDesk(models.Model):
    """The one office whose applications a member of the counter staff hands over."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("担当者"),
        related_name="counter_desk",
    )
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("事務所等"))

    class Meta:
        verbose_name = verbose_name_plural = _("窓口担当")

    def __str__(self):
        return f"{self.user} {self.office}"
