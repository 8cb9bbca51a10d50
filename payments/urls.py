"""Addresses of paying and of the payment user's page. No ID ever stands in one: a handle does."""

from django.urls import path

from payments.batches.views import batches, menu, targets
from payments.direct.views import accounts, debits
from payments.money import views as bank_views
from payments.payer.views import credentials, issuing, logins, my_page, resets
from payments.paying.views import batch_payment, individual_payment

app_name = "payments"

urlpatterns = [
    # 納付ログイン, マイページログイン, passwords, IDs
    path("payment/login/", logins.payment_login, name="login"),
    path("payment/<slug:handle>/end/", logins.end_payment, name="end"),
    path("mypage/login/", logins.my_page_login, name="my_page_login"),
    path("mypage/password/", logins.password_change, name="password_change"),
    path("mypage/password/done/", logins.password_changed, name="password_changed"),
    path("mypage/reset/", resets.reset, name="reset"),
    path("mypage/reset/asked/", resets.reset_asked, name="reset_asked"),
    path("mypage/reset/link/<slug:token>/", resets.reset_link, name="reset_link"),
    path("mypage/issue/", issuing.issue, name="issue"),
    path("mypage/issue/check/", issuing.issue_check, name="issue_check"),
    path("mypage/issue/<slug:handle>/", issuing.issued, name="issued"),
    # マイページ
    path("mypage/<slug:handle>/", my_page.my_page, name="my_page"),
    path("mypage/<slug:handle>/typed/", my_page.typed_before, name="typed"),
    path("mypage/<slug:handle>/history/", my_page.history, name="history"),
    path("mypage/<slug:handle>/details/", my_page.details, name="details"),
    path("mypage/<slug:handle>/details/check/", my_page.details_check, name="details_check"),
    path("mypage/<slug:handle>/details/done/", my_page.details_done, name="details_done"),
    path("mypage/<slug:handle>/bulk-password/", my_page.bulk_password, name="bulk_password"),
    path(
        "mypage/<slug:handle>/bulk-password/done/",
        my_page.bulk_password_done,
        name="bulk_password_done",
    ),
    path("mypage/<slug:handle>/keys/", credentials.listing, name="credentials"),
    path("mypage/<slug:handle>/keys/new/", credentials.new, name="credential_new"),
    path("mypage/<slug:handle>/keys/<key:pk>/new/", credentials.rotate, name="credential_rotate"),
    path("mypage/<slug:handle>/keys/<key:pk>/end/", credentials.revoke, name="credential_revoke"),
    path("mypage/<slug:handle>/accounts/new/<slug:kind>/", accounts.new, name="account_new"),
    path(
        "mypage/<slug:handle>/accounts/new/<slug:kind>/check/",
        accounts.new_check,
        name="account_check",
    ),
    path("mypage/<slug:handle>/accounts/<slug:reference>/", accounts.account, name="account"),
    path("mypage/<slug:handle>/batch-file/", my_page.download, name="batch_file"),
    path("mypage/<slug:handle>/batch-file/check/", my_page.check_file, name="batch_file_check"),
    path("mypage/<slug:handle>/end/", logins.end_my_page, name="end_my_page"),
    # 個別納付, under the handle of the inquiry
    path("payment/application/<slug:handle>/", individual_payment.press, name="individual"),
    path(
        "payment/application/<slug:handle>/<slug:reference>/",
        individual_payment.pay,
        name="individual_pay",
    ),
    path(
        "payment/application/<slug:handle>/<slug:reference>/way/",
        individual_payment.way,
        name="individual_pay_way",
    ),
    path(
        "payment/application/<slug:handle>/<slug:reference>/bank/<slug:bank>/",
        individual_payment.bank,
        name="individual_pay_bank",
    ),
    path(
        "payment/application/<slug:handle>/<slug:reference>/return/",
        individual_payment.come_back,
        name="individual_paid_return",
    ),
    # 納付メニュー and まとめ納付
    path("payment/<slug:handle>/menu/", menu.menu, name="menu"),
    path("payment/<slug:handle>/targets/", targets.search, name="targets"),
    path("payment/<slug:handle>/targets/list/", targets.listing, name="targets_list"),
    path("payment/<slug:handle>/targets/check/", targets.check, name="targets_check"),
    path(
        "payment/<slug:handle>/targets/taken/<slug:request_key>/",
        targets.taken,
        name="targets_taken",
    ),
    path("payment/<slug:handle>/batches/", batches.search, name="batches"),
    path("payment/<slug:handle>/batches/list/", batches.listing, name="batches_list"),
    path("payment/<slug:handle>/batches/list/csv/", batches.listing_csv, name="batches_csv"),
    path("payment/<slug:handle>/batches/<slug:reference>/", batches.detail, name="batch"),
    path(
        "payment/<slug:handle>/batches/<slug:reference>/csv/", batches.detail_csv, name="batch_csv"
    ),
    path(
        "payment/<slug:handle>/batches/<slug:reference>/withdrawal/",
        batches.withdrawal,
        name="batch_withdrawal",
    ),
    # 納付 of a batch
    path("payment/<slug:handle>/pay/<slug:reference>/", batch_payment.pay, name="pay"),
    path("payment/<slug:handle>/pay/<slug:reference>/way/", batch_payment.way, name="pay_way"),
    path(
        "payment/<slug:handle>/pay/<slug:reference>/bank/<slug:bank>/",
        batch_payment.bank,
        name="pay_bank",
    ),
    path(
        "payment/<slug:handle>/pay/<slug:reference>/return/",
        batch_payment.come_back,
        name="paid_return",
    ),
    # ダイレクト納付
    path("payment/<slug:handle>/direct/", debits.search, name="direct"),
    path("payment/<slug:handle>/direct/list/", debits.listing, name="direct_list"),
    path("payment/<slug:handle>/direct/check/", debits.check, name="direct_check"),
    path(
        "payment/<slug:handle>/direct/ordered/<slug:request_key>/",
        debits.ordered,
        name="direct_ordered",
    ),
    path("payment/<slug:handle>/direct/orders/", debits.orders, name="direct_orders"),
    path(
        "payment/<slug:handle>/direct/<slug:reference>/cancel/",
        debits.cancel,
        name="direct_cancel",
    ),
    path(
        "payment/<slug:handle>/direct/<slug:reference>/again/",
        debits.again,
        name="direct_again",
    ),
    # what the bank's machines call
    path("payment/bank/notices/", bank_views.notices, name="bank_notices"),
    path("payment/bank/debits/", bank_views.failed_debits, name="bank_debits"),
    path("payment/bank/inquiries/", bank_views.inquiries, name="bank_inquiries"),
]
