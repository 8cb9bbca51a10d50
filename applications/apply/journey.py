"""The steps of 申請を行う: which there are, in which order, and to whom each applies.

A draft keeps answers and no position: what comes next is found by walking the steps again. What
does not apply any more stays in the draft, in case the applicant changes back, and is left out of
everything that is shown, signed and sent.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.apply import address_file
from applications.labels import Screen
from applications.status import Actor, Procedure
from payments.labels import Screen as PaymentScreen

_C, _N = Procedure.CONTINUED_INSPECTION, Procedure.NEW_VEHICLE


class Part(models.TextChoices):
    """The headings of the task list, in its order."""

    VEHICLE = "vehicle", _("車両")
    PEOPLE = "people", _("申請者・使用者・所有者")
    PLACE = "place", _("住所と申請先")
    PAYMENT = "payment", _("税・手数料の納付")
    RECEIVING = "receiving", _("交付物の受け取り")


def always(answers):
    return True


@dataclass(frozen=True, slots=True)
class FormStep:
    """One page. ``procedures``: of which it is a part. ``when``: asked with the answers so far.
    ``holds``: whether its own answer still fits the others; one that does not is asked again.
    """

    name: str
    title: str
    part: Part
    procedures: tuple = (_C, _N)
    when: Callable[[dict], bool] = always
    minutes: int = 1
    holds: Callable[[dict], bool] = always


def _proof_agrees(answers):
    said = answers["proof"]
    return not said or address_file.agrees(said, answers)


def _by_agent(answers):
    return answers.get("receiving", {}).get("way") == "agent"


def _by_receiver(answers):
    return answers.get("receiving", {}).get("way") == "receiver"


def _in_batch(answers):
    return answers.get("payment", {}).get("method") not in (None, "individual")


STEPS = (
    FormStep("plate", _("車両番号"), Part.VEHICLE, (_C,)),
    FormStep("use", _("用途"), Part.VEHICLE, (_N,)),
    FormStep("chassis", _("車台番号"), Part.VEHICLE),
    FormStep("model", _("型式指定番号・類別区分番号"), Part.VEHICLE, (_N,)),
    FormStep("papers", _("添付書類の番号"), Part.VEHICLE, minutes=2),
    FormStep("files", _("添付書類のファイル"), Part.VEHICLE, minutes=2),
    FormStep("applicant", Actor.APPLICANT.label, Part.PEOPLE),
    FormStep("user", _("使用者"), Part.PEOPLE),
    FormStep("owner", _("所有者"), Part.PEOPLE, (_N,)),
    FormStep("address", _("使用者の住所"), Part.PLACE, minutes=2),
    FormStep("proof", Screen.ADDRESS_FILE, Part.PLACE, (_N,), holds=_proof_agrees),
    FormStep("base", _("使用の本拠の位置"), Part.PLACE),
    FormStep("office", _("申請先の事務所等"), Part.PLACE),
    FormStep("weight", _("自動車重量税の区分"), Part.PAYMENT),
    FormStep("earlier", _("以前の受付番号"), Part.PAYMENT),
    FormStep("payment", _("納付方法"), Part.PAYMENT),
    FormStep("batch_file", PaymentScreen.BATCH_FILE, Part.PAYMENT, when=_in_batch),
    FormStep("receiving", _("受取方法"), Part.RECEIVING),
    FormStep("receiver", _("受取者"), Part.RECEIVING, when=_by_receiver),
    FormStep("agent", _("記録等事務代行者"), Part.RECEIVING, (_C,), _by_agent, minutes=2),
)
BY_NAME = {step.name: step for step in STEPS}


def steps_of(procedure, answers):
    """The steps that apply to an application of ``procedure`` with ``answers``, in order."""
    return [step for step in STEPS if procedure in step.procedures and step.when(answers)]


def missing(procedure, answers):
    """The steps that are not answered yet, in order; [] when everything is there."""
    return [
        step
        for step in steps_of(procedure, answers)
        if step.name not in answers or not step.holds(answers)
    ]


def applying(procedure, answers):
    """Only those of ``answers`` that apply: step name → its answers."""
    return {
        step.name: answers[step.name]
        for step in steps_of(procedure, answers)
        if step.name in answers
    }
