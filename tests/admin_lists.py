"""Reading the lists of the admin, and the way to a row's page."""

from django.urls import reverse

from tests import pages


def listed(response, column=0):
    """The cells of one column of a list."""
    page = pages.read(response.content.decode())
    tables = [each for each in page.all("table") if each["id"] == "result_list"]
    rows = [row for table in tables for body in table.all("tbody") for row in body.all("tr")]
    return [[*row.all("th", "td")][column].text for row in rows]


def page_of(row):
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
