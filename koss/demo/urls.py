"""Addresses that exist in demo mode only."""

from django.urls import path

from koss.demo import certificates, log_views, parts, seating, views

urlpatterns = [
    path("", views.demo, name="demo"),
    path("certificates/<str:name>", certificates.download, name="demo_certificate"),
    path("open/", views.open_application, name="demo_open"),
    path("payer/", views.open_payer, name="demo_open_payer"),
    path("seats/", seating.listing, name="demo_seats"),
    path("seats/print/", seating.cards, name="demo_seat_cards"),
    path("seats/<key:number>/again/", seating.put_back, name="demo_seat_put_back"),
    path("parts/", parts.listing, name="demo_parts"),
    path("parts/staff/", parts.of_staff, name="demo_parts_of_staff"),
    path("log/", log_views.listing, name="demo_log"),
    path("log/<slug:reference>/", log_views.exchange, name="demo_exchange"),
    path("log/sent/<slug:reference>/", log_views.delivery, name="demo_delivery"),
    path("log/sent/<slug:reference>/again/", log_views.again, name="demo_again"),
    path("morning/", views.go_on, name="demo_go_on"),
    path("morning/<key:pk>/", views.morning_after, name="demo_morning"),
]
