"""Addresses of the codes. Neither a name nor a key ever stands in one: a handle does."""

from django.urls import path

from qrcodes.issuing import views

app_name = "qrcodes"

urlpatterns = [
    path("issue/", views.issue, name="issue"),
    path("vehicle/<slug:handle>/", views.vehicle, name="vehicle"),
    path("vehicle/<slug:handle>/issue/", views.vehicle_issue, name="vehicle_issue"),
    path("vehicle/<slug:handle>/code.png", views.vehicle_png, name="vehicle_png"),
    path("<slug:handle>/", views.confirmation, name="confirmation"),
    path("<slug:handle>/code.png", views.png, name="png"),
    path("<slug:handle>/end/", views.end, name="end"),
]
