"""Addresses of the counter. They name a code by its key, and open it to the clerk who found it."""

from django.urls import path

from qrcodes.counter.admin import desk

app_name = "counter"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("code/<key:pk>/", desk.found, name="code"),
    path("receipt/<key:pk>/", desk.receipt, name="receipt"),
]
