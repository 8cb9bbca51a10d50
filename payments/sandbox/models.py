"""What the bank keeps. All amounts in whole yen."""

import uuid

from django.db import models, transaction
from django.db.models import F, Q

from payments.sandbox.banks import ACCOUNT_TYPES, BANKS, BRANCHES
from payments.sandbox.paper_models import Paper as Paper
from payments.sandbox.paper_models import PaperTraining as PaperTraining

TRIES_A_DAY = 10


class Account(models.Model):
    """One customer's account. ``customer_number`` is typed to sign in, and stands on the card."""

    bank = models.CharField(max_length=4)
    branch = models.CharField(max_length=3)
    account_type = models.CharField(max_length=10)
    number = models.CharField(max_length=7)
    customer_number = models.CharField(max_length=11, unique=True)
    holder = models.CharField(max_length=60)
    holder_kana = models.CharField(max_length=60)
    shows = models.CharField(max_length=60)
    balance = models.PositiveBigIntegerField()
    daily_limit = models.PositiveBigIntegerField()
    closed = models.BooleanField(default=False)

    class Meta:
        ordering = ["bank", "number"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "branch", "number"], name="one_account"),
        ]

    def __str__(self):
        return self.customer_number

    @property
    def bank_name(self):
        return BANKS[self.bank]

    @property
    def branch_name(self):
        return BRANCHES[self.branch]

    @property
    def type_name(self):
        return ACCOUNT_TYPES[self.account_type]


class RegisteredAccount(models.Model):
    """The portal may debit this account."""

    reference = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="registrations")

    def __str__(self):
        return self.reference


class PaymentNumber(models.Model):
    """Numbers that were given out, under the portal's reference."""

    reference = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16)
    amount = models.PositiveIntegerField()
    due_on = models.DateField()
    agency_number = models.CharField(max_length=5)
    payment_number = models.CharField(max_length=20, unique=True)
    confirmation_number = models.CharField(max_length=6)
    made_at = models.DateTimeField()

    def __str__(self):
        return self.payment_number


class Settlement(models.Model):
    """Money was taken from an account for a payment number. At most one for each number."""

    settlement_id = models.CharField(max_length=40, unique=True)
    agency_number = models.CharField(max_length=5)
    payment_number = models.CharField(max_length=20)
    amount = models.PositiveIntegerField()
    settled_at = models.DateTimeField()
    way = models.CharField(max_length=8)
    account = models.ForeignKey(Account, models.PROTECT, related_name="settlements")
    reference = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency_number", "payment_number"], name="a_number_is_settled_once"
            ),
        ]
        indexes = [models.Index(fields=["account", "settled_at"], name="settlements_of_a_day")]

    def __str__(self):
        return self.settlement_id


class Debit(models.Model):
    """A debit that the portal ordered. The sender's thread makes it."""

    class State(models.TextChoices):
        ACCEPTED = "accepted", "受付済み"
        SETTLED = "settled", "引落済み"
        FAILED = "failed", "引落できず"

    reference = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="debits")
    agency_number = models.CharField(max_length=5)
    payment_number = models.CharField(max_length=20)
    amount = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACCEPTED)
    reason = models.CharField(max_length=20, blank=True)
    settlement = models.OneToOneField(Settlement, models.PROTECT, null=True, related_name="debit")
    accepted_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["id"], name="debits_to_make", condition=Q(state="accepted"))
        ]

    def __str__(self):
        return self.reference


class Message(models.Model):
    """The outbox: one thing to tell the portal, written in the transaction that it tells of."""

    class State(models.TextChoices):
        WAITING = "waiting", "送信待ち"
        HELD = "held", "順序の入替え待ち"
        NEVER = "never", "届けない"
        DELIVERED = "delivered", "送信済み"
        GIVEN_UP = "given_up", "ポータルが拒否"

    path = models.CharField(max_length=60)
    body = models.TextField()
    settlement = models.ForeignKey(Settlement, models.PROTECT, null=True, related_name="messages")
    state = models.CharField(max_length=10, choices=State.choices)
    # Not before that one has arrived.
    after = models.ForeignKey("self", models.PROTECT, null=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_answer = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="messages_to_send", condition=Q(state="waiting")
            )
        ]

    def __str__(self):
        return f"{self.path} {self.pk}"


class Visit(models.Model):
    """One payer with one payment, by a link or at a cash machine. Each ``jti`` opens one."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    jti = models.CharField(max_length=64, unique=True)
    way = models.CharField(max_length=8)
    bank = models.CharField(max_length=4, blank=True)
    agency_number = models.CharField(max_length=5)
    payment_number = models.CharField(max_length=20)
    confirmation_number = models.CharField(max_length=6)
    amount = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    payee = models.CharField(max_length=60)
    payee_kana = models.CharField(max_length=60)
    due_on = models.DateField()
    return_url = models.CharField(max_length=400, blank=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    account = models.ForeignKey(Account, models.PROTECT, null=True)
    settlement = models.ForeignKey(Settlement, models.PROTECT, null=True)

    def __str__(self):
        return str(self.key)

    @property
    def bank_name(self):
        return BANKS.get(self.bank, "ATM")


class WrongTries(models.Model):
    """How often something wrong was typed on one day, by one browser or with one card."""

    who = models.CharField(max_length=80)
    on = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "on"], name="one_count_a_day")]

    def __str__(self):
        return f"{self.who} {self.on}"

    @classmethod
    def take(cls, who, on):
        """Count one more try before it is made; False when the day's tries are used up."""
        with transaction.atomic():
            row, _made = cls.objects.get_or_create(who=who, on=on)
            if row.count >= TRIES_A_DAY:
                return False
            cls.objects.filter(pk=row.pk).update(count=F("count") + 1)
            return True

    @classmethod
    def give_back(cls, who, on):
        """The try was no wrong one."""
        cls.objects.filter(who=who, on=on, count__gt=0).update(count=F("count") - 1)


class Training(models.Model):
    """How notices travel. One row."""

    class Mode(models.TextChoices):
        NORMAL = "normal", "通常"
        TWICE = "twice", "2回届く"
        REVERSED = "reversed", "順序が逆になる"
        LATE = "late", "遅れて届く"
        WRONG_AMOUNT = "wrong_amount", "金額違い"
        NEVER = "never", "届かない"

    mode = models.CharField(max_length=16, choices=Mode.choices, default=Mode.NORMAL)
    minutes = models.PositiveIntegerField(default=10)

    def __str__(self):
        return self.get_mode_display()

    @classmethod
    def current(cls):
        return cls.objects.get_or_create(pk=1)[0]
