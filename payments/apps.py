from django.apps import AppConfig

from payments.labels import Column


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = Column.PAY
