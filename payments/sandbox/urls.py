from django.urls import path

from payments.sandbox import api, authority, paper_api, problems, schemes
from payments.sandbox.views import atm, control, home, link, papers, visit

handler400 = problems.refused
handler403 = problems.csrf_failure
handler404 = problems.not_found
handler500 = problems.broken

urlpatterns = [
    path("", home.home, name="home"),
    path("scheme/", schemes.choose, name="scheme"),
    path("link/", link.arrive, name="link"),
    path("atm/", atm.atm, name="atm"),
    path("visits/<uuid:key>/", visit.show, name="visit"),
    path("visits/<uuid:key>/sign-in/", visit.sign_in, name="sign_in"),
    path("visits/<uuid:key>/pay/", visit.pay, name="pay"),
    path("visits/<uuid:key>/leave/", visit.leave, name="leave"),
    path("control/", control.control, name="control"),
    path("control/messages/<int:pk>/send/", control.send, name="send"),
    path("control/accounts/<int:pk>/", control.account, name="account"),
    path("authority/ocsp", authority.status),
    path("authority/<str:name>", authority.revocation_list),
    path("control/papers/", papers.papers, name="papers"),
    path("papers/find/", paper_api.find),
    path("papers/annual_tax/", paper_api.annual_tax),
    path("api/numbers/", api.numbers_view),
    path("api/settlements/", api.settlements_view),
    path("api/accounts/", api.accounts_view),
    path("api/anew/", api.anew_view),
    path("api/payments/", api.payments_view),
    path("api/debits/", api.debits_view),
    path("api/debits/<str:reference>/", api.debit_view),
]
