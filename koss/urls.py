"""Every address of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import conditional_page

from koss.api.urls import V1_INCLUDED
from koss.operation import health
from koss.portal import feeds, languages, pages, schemes, views, well_known
from koss.portal.search import views as search

handler400 = "koss.portal.problems.bad_request"
handler403 = "koss.portal.problems.forbidden"
handler404 = "koss.portal.problems.not_found"
handler500 = "koss.portal.problems.broken"

urlpatterns = [
    path("", views.top, name="top"),
    path("screen/", views.screen_applications, name="screen_applications"),
    path("bulk/", views.bulk_applications, name="bulk_applications"),
    path("payment/", views.payment_choice, name="payment_choice"),
    *(path(page.path, views.reading(page), name=page.name) for page in pages.PAGES),
    path("news/", views.news, name="news"),
    path("news/feed/", conditional_page(feeds.NewsFeed()), name="news_feed"),
    path("news/<key:pk>/", views.news_item, name="news_item"),
    path("search/", search.results, name="search"),
    path("idle/", views.idle, name="idle"),
    path("health/", health.health, name="health"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    path("favicon.ico", well_known.favicon),
    path("robots.txt", well_known.robots),
    path(".well-known/security.txt", well_known.security, name="security_txt"),
    path(".well-known/change-password", well_known.change_password),
    path("text-size/", views.text_size, name="text_size"),
    path("language/", languages.choose, name="language"),
    path("scheme/", schemes.choose, name="scheme"),
    path("mypage/<slug:handle>/sets/", include("koss.bulk.urls")),
    path("mypage/<slug:handle>/hooks/", include("koss.hooks.urls")),
    path("api/", include("koss.api.urls")),
    V1_INCLUDED,
    path("apply/", include("applications.apply.urls")),
    path("status/", include("applications.urls")),
    path("", include("applications.following.urls")),
    path("", include("payments.urls")),
    path("codes/", include("qrcodes.urls")),
    path("admin/counter/", include("qrcodes.counter.admin.urls")),
    path("admin/payments/cash/", include("payments.money.admin.urls")),
    path("admin/statistics/", include("koss.statistics.urls")),
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns += [path("demo/", include("koss.demo.urls"))]
