"""Addresses of 申請を行う. Neither a number nor an answer ever stands in one: a handle does."""

from django.urls import path

from applications.apply.views import address_file, files, pages, step

app_name = "apply"

urlpatterns = [
    path("", pages.begin, name="begin"),
    path("resume/", pages.resume, name="resume"),
    path("address-file/", address_file.fill_in, name="address_form"),
    path("address-file/<slug:handle>/", address_file.sign, name="address_sign"),
    path("address-file/<slug:handle>/text/", address_file.text, name="address_text"),
    path("<slug:handle>/", pages.tasks, name="tasks"),
    path("<slug:handle>/typed/", pages.typed_before, name="typed"),
    path("<slug:handle>/certificate/", pages.prefill, name="prefill"),
    path("<slug:handle>/check/", pages.check, name="check"),
    path("<slug:handle>/text/", pages.text, name="text"),
    path("<slug:handle>/signature/", pages.sign, name="sign"),
    path("<slug:handle>/receipt/", pages.receipt, name="receipt"),
    path("<slug:handle>/end/", pages.end, name="end"),
    path("<slug:handle>/step/files/", files.files, name="files"),
    path("<slug:handle>/files/<slug:key>/", files.file, name="file"),
    path("<slug:handle>/step/<slug:name>/", step.step, name="step"),
]
