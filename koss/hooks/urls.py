"""Addresses of webhooks, under the handle of マイページ."""

from django.urls import path

from koss.hooks import views

app_name = "hooks"

urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("<slug:reference>/", views.webhook, name="webhook"),
    path("<slug:reference>/rotate/", views.rotate, name="rotate"),
    path("<slug:reference>/delete/", views.delete, name="delete"),
    path("<slug:reference>/pause/", views.pause, name="pause"),
    path("<slug:reference>/resume/", views.resume, name="resume"),
    path("<slug:reference>/test/", views.test, name="test"),
    path("<slug:reference>/sent/<slug:delivery>/", views.delivery, name="delivery"),
    path("<slug:reference>/sent/<slug:delivery>/again/", views.again, name="again"),
]
