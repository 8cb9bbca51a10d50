"""What this is, and whom one can be here."""

from django.conf import settings
from django.shortcuts import render

from payments.sandbox.models import Account


def home(request):
    context = {
        "accounts": Account.objects.all(),
        "password": settings.CUSTOMERS_PASSWORD,
        "portal": settings.PORTAL,
    }
    return render(request, "bank/home.html", context)
