from django.apps import AppConfig

from payments.labels import Column


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = Column.PAY

    def ready(self):
        # Models can be imported only now.
        from applications.life import letters
        from payments.payer import users

        letters.payers_mails.append(users.status_mails)
