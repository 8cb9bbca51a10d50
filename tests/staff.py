"""Members of staff for tests of the admin, one of each role."""

from django.contrib.auth.models import Group, User
from django.test import Client

from applications.models import CounterDesk, Office
from applications.staff.roles import Role
from tests import pages

OFFICE = "東京主管事務所"


def a_user(*roles, username="", office=OFFICE, superuser=False):
    """A user with ``roles``; a counter's desk stands in ``office``."""
    user = User.objects.create(
        username=username or "_".join(roles) or "root", is_staff=True, is_superuser=superuser
    )
    user.groups.set(Group.objects.filter(name__in=roles))
    if Role.COUNTER in roles and office:
        CounterDesk.objects.create(user=user, office=Office.objects.get(name=office))
    return user


def signed_in(*roles, **user):
    """A client in whose browser somebody with ``roles`` is signed in."""
    client = Client()
    client.force_login(a_user(*roles, **user), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response):
    """What a reader sees."""
    return pages.read(response.content.decode()).text


def field_of(response, name):
    """The value of the one hidden or visible input called ``name``."""
    page = pages.read(response.content.decode())
    [field] = [each for each in page.all("input") if each["name"] == name]
    return field["value"]


def options_of(response, name):
    """The values that the field ``name`` offers."""
    page = pages.read(response.content.decode())
    boxes = [each["value"] for each in page.all("input") if each["name"] == name]
    [*selects] = [each for each in page.all("select") if each["name"] == name]
    return boxes or [option["value"] for each in selects for option in each.all("option")]
