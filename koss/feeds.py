"""お知らせ for feed readers (Atom)."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse, reverse_lazy
from django.utils.feedgenerator import Atom1Feed

from koss import clock
from koss.labels import Screen
from koss.models import News

_NEWS_IN_FEED = 30


class NewsFeed(Feed):
    """The newest published news, newest first."""

    feed_type = Atom1Feed
    link = reverse_lazy("news")

    def title(self):
        return f"{Screen.NEWS} | {settings.KOSS_PORTAL_NAME}"

    def items(self):
        return News.objects.published(now=clock.now())[:_NEWS_IN_FEED]

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.body

    def item_link(self, item):
        return reverse("news_item", args=[item.pk])

    def item_pubdate(self, item):
        return item.published_at

    def item_updateddate(self, item):
        return item.published_at
