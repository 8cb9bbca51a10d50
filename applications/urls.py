"""The applicant's addresses. No receipt number ever stands in one: a handle does."""

from django.urls import path

from applications.correcting import views as correcting
from applications.inquiry import views
from applications.status_page.views import status, withdrawal

app_name = "applications"

urlpatterns = [
    path("login/", views.login, name="login"),
    path("login/correction/", views.login, {"then": "correction"}, name="correction_login"),
    path("login/<slug:handle>/", views.password, name="password"),
    path("<slug:handle>/", status.status, name="status"),
    path("<slug:handle>/typed/", views.typed_before, name="typed"),
    path("<slug:handle>/withdrawal/", withdrawal.withdrawal, name="withdrawal"),
    path("<slug:handle>/correction/", correcting.correction, name="correction"),
    path("<slug:handle>/correction/review/", correcting.review, name="correction_review"),
    path("<slug:handle>/correction/signature/", correcting.sign, name="correction_sign"),
    path("<slug:handle>/correction/text/", correcting.text, name="correction_text"),
    path("<slug:handle>/correction/files/<slug:key>/", correcting.file, name="correction_file"),
    path(
        "<slug:handle>/correction/files/<slug:key>/preview/",
        correcting.preview,
        name="correction_preview",
    ),
    path("<slug:handle>/deadline.ics", status.calendar, name="calendar"),
    path("<slug:handle>/end/", status.end, name="end"),
]
