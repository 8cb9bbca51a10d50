"""Addresses of the interface, and of what people read about it."""

from django.urls import include, path

from koss.api import views
from koss.api.versions import V1

app_name = "api"

urlpatterns = [
    path("", views.guide, name="guide"),
    path("reference/", views.reference, name="reference"),
    path("v1/openapi.json", views.openapi, name="openapi"),
]
# In a namespace of its own, so that links name their version.
V1_ADDRESSES = ([*V1.addresses()], "api-v1")
V1_INCLUDED = path("api/v1/", include(V1_ADDRESSES))
