"""Addresses of what a payment user follows. No ID and no number stands in one: a handle does."""

from django.urls import path

from applications.following import views

app_name = "following"

urlpatterns = [
    path("mypage/<slug:handle>/applications/", views.applications, name="list"),
    path("mypage/<slug:handle>/applications/csv/", views.list_csv, name="csv"),
    path("mypage/<slug:handle>/applications/open/", views.open_status, name="open"),
    path("mypage/<slug:handle>/following/", views.settings, name="settings"),
    path("mypage/<slug:handle>/following/mail/", views.morning_mail, name="morning_mail"),
    path("mypage/<slug:handle>/following/language/", views.mail_language, name="mail_language"),
    path("mypage/<slug:handle>/following/calendar/", views.calendar, name="calendar"),
    path("calendar/<slug:reference>/<slug:signature>/deadlines.ics", views.feed, name="feed"),
]
