"""Every address of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from koss import feeds, health, views

urlpatterns = [
    path("", views.top, name="top"),
    path("screen/", views.screen_applications, name="screen_applications"),
    path("bulk/", views.bulk_applications, name="bulk_applications"),
    path("payment/", views.payment_choice, name="payment_choice"),
    path("faq/", views.faq, name="faq"),
    path("terms/", views.terms, name="terms"),
    path("contact/", views.contact, name="contact"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("news/", views.news, name="news"),
    path("news/feed/", feeds.NewsFeed(), name="news_feed"),
    path("news/<int:pk>/", views.news_item, name="news_item"),
    path("health/", health.health, name="health"),
    path("text-size/", views.text_size, name="text_size"),
    path("status/", include("applications.urls")),
    path("", include("payments.urls")),
    path("codes/", include("qrcodes.urls")),
    path("admin/counter/", include("qrcodes.admin.urls")),
    path("admin/payments/cash/", include("payments.admin.urls")),
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns += [path("demo/", include("koss.demo.urls"))]
