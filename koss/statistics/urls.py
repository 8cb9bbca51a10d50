"""Addresses of 統計, which belongs to no model."""

from django.urls import path

from koss.statistics import views

app_name = "statistics"

urlpatterns = [
    path("", views.page, name="page"),
    path("csv/", views.csv_file, name="csv"),
]
