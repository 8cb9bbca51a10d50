"""The applicant's addresses. No receipt number ever stands in one: a handle does."""

from django.urls import path

from applications.views import correction, login, status, withdrawal

app_name = "applications"

urlpatterns = [
    path("login/", login.login, name="login"),
    path("login/<slug:handle>/", login.password, name="password"),
    path("<slug:handle>/", status.status, name="status"),
    path("<slug:handle>/withdrawal/", withdrawal.withdrawal, name="withdrawal"),
    path("<slug:handle>/correction/", correction.correction, name="correction"),
    path("<slug:handle>/correction/review/", correction.review, name="correction_review"),
    path("<slug:handle>/deadline.ics", status.calendar, name="calendar"),
    path("<slug:handle>/end/", status.end, name="end"),
]
