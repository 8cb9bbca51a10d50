"""What a trainer sets and adds on the control page of the papers."""

from datetime import timedelta

from django import forms

from payments.sandbox.forms import PlainInput, WholeField
from payments.sandbox.numbers import fold_code
from payments.sandbox.paper_models import Paper, PaperTraining

_CHOOSE = "一つ選んでください。"


class PaperTrainingForm(forms.Form):
    """How the systems answer for a vehicle of which they know nothing yet."""

    mode = forms.ChoiceField(
        label="まだ登録のない車台番号への答え方",
        choices=PaperTraining.Mode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    minutes = WholeField(
        label="遅れて見つかるまでの時間（分）",
        help_text="「遅れて見つかる」を選んだときに使います。",
        least=1,
        most=24 * 60,
        said="1から1440までの整数で入力してください。",
    )
    annual_tax_paid = forms.BooleanField(label="軽自動車税種別割の納付が確認できる", required=False)


class _ChassisField(forms.CharField):
    widget = PlainInput

    def to_python(self, value):
        return fold_code(super().to_python(value))


class PaperForm(forms.Form):
    """One paper more, or another moment for one that is there."""

    kind = forms.ChoiceField(
        label="書類",
        choices=Paper.Kind.choices,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    chassis_number = _ChassisField(
        label="車台番号",
        max_length=30,
        error_messages={
            "required": "車台番号を入力してください。",
            "max_length": "車台番号は30文字以内で入力してください。",
        },
    )
    when = forms.ChoiceField(
        label="見つかる時期",
        choices=[("now", "すぐに"), ("later", "10分後"), ("never", "見つからない")],
        widget=forms.RadioSelect,
        initial="now",
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )

    def ready_at(self, now):
        """From when it is found; None for never."""
        later = {"now": now, "later": now + timedelta(minutes=10), "never": None}
        return later[self.cleaned_data["when"]]
