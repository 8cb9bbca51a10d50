"""The practice systems for papers: which exist, and how they answer."""

from datetime import timedelta

from django.db import models


class PaperTraining(models.Model):
    """How the systems answer for a 車台番号 that has no paper of its own. One row."""

    class Mode(models.TextChoices):
        ARRIVES = "arrives", "すぐに見つかる"
        LATE = "late", "遅れて見つかる"
        WITHHELD = "withheld", "見つからない"
        SLIP = "slip", "一文字違いの車台番号で登録されている"

    mode = models.CharField(max_length=16, choices=Mode.choices, default=Mode.ARRIVES)
    minutes = models.PositiveIntegerField(default=3)
    annual_tax_paid = models.BooleanField(default=True)

    def __str__(self):
        return self.get_mode_display()

    @classmethod
    def current(cls):
        return cls.objects.get_or_create(pk=1)[0]


class Paper(models.Model):
    """One paper of one vehicle. ``ready_at``: from when it is found; None: it is withheld."""

    class Kind(models.TextChoices):
        COMPLETION = "completion_certificate", "完成検査終了証兼譲渡証明書"
        INSURANCE = "liability_insurance", "自動車損害賠償責任保険（共済）証明書"
        SAFETY = "safety_certificate", "保安基準適合証"
        RESERVATION = "plate_reservation", "希望番号予約済証"

    kind = models.CharField(max_length=24, choices=Kind.choices)
    chassis_number = models.CharField(max_length=30)
    number = models.CharField(max_length=20)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "chassis_number"], name="one_paper"),
        ]

    def __str__(self):
        return f"{self.kind} {self.chassis_number}"


def slip_of(chassis_number):
    """``chassis_number`` with its last digit mistaken for another."""
    return chassis_number[:-1] + ("7" if chassis_number[-1:] != "7" else "1")


def ready_at(training, now):
    """From when a paper made ``now`` is found, None for never."""
    if training.mode == PaperTraining.Mode.LATE:
        return now + timedelta(minutes=training.minutes)
    return None if training.mode == PaperTraining.Mode.WITHHELD else now
