"""Addresses of the daily report, which belongs to no model."""

from django.urls import path

from payments.money.admin import report

app_name = "cash"

urlpatterns = [
    path("", report.daily, name="daily"),
    path("csv/", report.daily_csv, name="csv"),
]
