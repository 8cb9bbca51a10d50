"""お知らせ for feed readers (Atom)."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse, reverse_lazy
from django.utils.feedgenerator import Atom1Feed

from koss.ground import clock, signs
from koss.ground.names import PORTAL_NAME, in_words
from koss.labels import Screen
from koss.models import News

_NEWS_IN_FEED = 30


class _PlainAtom(Atom1Feed):
    """Atom whose summaries are plain text: Django calls them HTML, so ``<重要>`` would vanish."""

    content_type = "application/atom+xml; charset=utf-8"

    def add_item_elements(self, handler, item):
        text = item["description"]
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("summary", text, {"type": "text"})


class NewsFeed(Feed):
    """The newest published news, newest first."""

    feed_type = _PlainAtom
    link = reverse_lazy("news")

    def title(self):
        return f"{Screen.NEWS} | {PORTAL_NAME}"

    def author_name(self):
        return in_words("KOSS_OPERATOR")

    def item_guid(self, item):
        """The same whichever host name the feed was read under."""
        return settings.KOSS_ORIGIN + reverse("news_item", args=[item.pk])

    def items(self):
        return News.objects.published(now=clock.now())[:_NEWS_IN_FEED]

    def item_title(self, item):
        return signs.without(item.headline)

    def item_description(self, item):
        return signs.without(item.text)

    def item_link(self, item):
        return reverse("news_item", args=[item.pk])

    def item_pubdate(self, item):
        return item.published_at

    def item_updateddate(self, item):
        return item.published_at
