"""Addresses of the counter. They name a code by its key, and open it to whoever found it only."""

from django.urls import path

from qrcodes.admin import desk

app_name = "counter"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("code/<int:pk>/", desk.found, name="code"),
    path("receipt/<int:pk>/", desk.receipt, name="receipt"),
]
