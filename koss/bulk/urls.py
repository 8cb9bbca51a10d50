"""Addresses of 一括申請 by CSV, under the handle of マイページ."""

from django.urls import path

from koss.bulk import views

app_name = "bulk"

urlpatterns = [
    path("", views.hand_in, name="hand_in"),
    path("template/", views.template, name="template"),
    path("faults/", views.faults, name="faults"),
    path("texts/", views.texts, name="texts"),
    path("send/", views.send, name="send"),
    path("<slug:number>/", views.progress, name="set"),
]
