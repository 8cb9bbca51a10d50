"""What a clerk types, ticks and presses at the counter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koss.ground import request_keys
from koss.ground.form_fields import ReadField
from koss.ground.forms import PlainMessages
from qrcodes.issuing import symbol
from qrcodes.labels import Field
from qrcodes.models import papers_in_words

_LONGEST_TYPED = 200
_SHOWN = 60


class LookForm(PlainMessages, forms.Form):
    """One field for whatever the scanner types, or the clerk reads off the paper."""

    # A scanner types where the focus is: it must stay in the field, also after a misread.
    field_keeps_focus = True

    text = ReadField(
        label=Field.CODE_OR_KEY,
        reader=symbol.read_scan,
        max_length=_LONGEST_TYPED,
        help_text=_("検索キーは、空白やハイフンが入っていても、全角でもかまいません。"),
        widget=forms.TextInput(
            attrs={
                "size": 50,
                "autofocus": True,
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )

    def misread(self, sentence):
        """Say why nothing was found, and empty the field: the next scan begins anew."""
        read = self.cleaned_data["text"]
        self.data = self.data.copy()
        self.data["text"] = ""
        self.add_error(
            "text",
            _("%(sentence)s読み取った内容：%(read)s")
            % {"sentence": sentence, "read": read[:_SHOWN]},
        )


class PaperForm(forms.Form):
    """For 新規登録 and パスワード変更: the paper lies before the clerk and says the same name."""

    paper = forms.BooleanField(
        error_messages={"required": _("添えられた書面を確認し、チェックを付けてください。")}
    )
    name = forms.BooleanField(
        label=_("書面の名前と受取者名が、1文字ずつ同じであることを確認しました"),
        error_messages={"required": _("名前を見比べて、チェックを付けてください。")},
    )
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args, receiver_name, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["request_key"] = request_keys.fresh()
        self.fields["paper"].label = (
            _("行政書士証票のコピーを受け取り、確認しました")
            if "行政書士" in receiver_name
            else _("団体の身分証明書のコピーを受け取り、確認しました")
        )


class HandOverForm(forms.Form):
    """Which vehicles are handed over, and of which the papers to show were seen.

    ``vehicles``: (application, papers to show) of each.
    """

    vehicle = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": _("選べない車両が含まれています。")}
    )
    papers = forms.MultipleChoiceField(required=False)
    person = forms.BooleanField(
        label=_("受け取りに来た方と、渡す交付物を確認しました"),
        error_messages={"required": _("確認してから、チェックを付けてください。")},
    )
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args, vehicles, **kwargs):
        super().__init__(*args, **kwargs)
        self.vehicles = vehicles
        self.initial["request_key"] = request_keys.fresh()
        keys = [(str(application.pk), "") for application, _papers in vehicles]
        self.fields["vehicle"].choices = self.fields["papers"].choices = keys
        self.unseen = frozenset()

    def clean(self):
        """A vehicle whose papers were not seen stops the whole press: nothing is handed over."""
        cleaned = super().clean()
        chosen, seen = set(cleaned.get("vehicle", ())), set(cleaned.get("papers", ()))
        if "vehicle" not in self.errors and not chosen:
            self.add_error("vehicle", _("渡す車両を選んでください。"))
        needs = {str(application.pk) for application, papers in self.vehicles if papers}
        self.unseen = frozenset(chosen & needs - seen)
        if self.unseen:
            self.add_error(
                "papers",
                _("必要な書類を確認してチェックを付けるか、その車両を選ばないでください。"),
            )
        return cleaned

    def rows(self):
        """(application, papers, is chosen, are its papers ticked, is that a fault) of each."""
        chosen = set(self.data.getlist("vehicle")) if self.is_bound else None
        seen = set(self.data.getlist("papers")) if self.is_bound else ()
        return [
            (
                application,
                papers_in_words(papers),
                chosen is None or str(application.pk) in chosen,
                str(application.pk) in seen,
                str(application.pk) in self.unseen,
            )
            for application, papers in self.vehicles
        ]

    def control_of(self, name):
        """The box that a link from the summary of errors leads to; the page draws them itself."""
        if not self.vehicles or name not in ("vehicle", "papers"):
            return ""
        keys = [str(application.pk) for application, _papers in self.vehicles]
        if name == "vehicle":
            return f"vehicle-{keys[0]}"
        return next((f"papers-{key}" for key in keys if key in self.unseen), "")

    def chosen(self):
        keys = set(self.cleaned_data["vehicle"])
        return [application for application, _p in self.vehicles if str(application.pk) in keys]

    def papers_seen(self):
        """Keys of the applications whose papers were all seen."""
        return {int(key) for key in self.cleaned_data["papers"]}
