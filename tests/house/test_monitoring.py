"""docs/deploy/monitoring asks for nothing that the exporter does not offer."""

import json
import re

import pytest
import yaml

from koss.ground import figures
from koss.operation import exporter
from tests.house.sources import ROOT

FOLDER = ROOT / "docs" / "deploy" / "monitoring"
# Signs of PromQL that an expression of ours needs in pairs.
PAIRS = ("()", "{}", "[]")


def in_rules(text):
    """Every expression of a file of rules."""
    return [rule["expr"] for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def in_dashboard(text):
    """Every expression of a dashboard."""
    return [
        target["expr"]
        for panel in json.loads(text)["panels"]
        for target in panel.get("targets", [])
    ]


def expressions():
    return [
        *in_rules((FOLDER / "alerts.yml").read_text()),
        *in_dashboard((FOLDER / "dashboard.json").read_text()),
    ]


def complaints(expressions):
    """What is asked and not offered: names, labels that a figure does not have, open brackets."""
    labels = {f"koss_{each.name}": {each.label} for each in exporter.GAUGES}
    labels |= {f"koss_{each.name}": set(each.labels) for each in figures.FIGURES}
    for expression in expressions:
        for name, conditions in re.findall(r"\b(koss_\w+)(?:\{([^}]*)\})?", expression):
            if name not in exporter.names():
                yield name
                continue
            base = re.sub(r"_(bucket|sum|count|total)$", "", name)
            asked = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", conditions))
            yield from (f"{name}{{{label}}}" for label in asked - labels[base])
        if any(expression.count(begins) != expression.count(ends) for begins, ends in PAIRS):
            yield expression


def test_everything_that_is_asked_is_offered():
    assert len(expressions()) > 40
    assert list(complaints(expressions())) == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("koss_planted > 0", "koss_planted"),
        ("rate(koss_requests[5m])", "koss_requests"),
        ('koss_requests_total{path="/"}', "koss_requests_total{path}"),
        ("sum(koss_mails_dead", "sum(koss_mails_dead"),
    ],
)
def test_a_planted_question_without_an_answer_is_found(planted, found):
    rules = yaml.safe_dump({"groups": [{"rules": [{"alert": "x", "expr": planted}]}]})
    panels = json.dumps({"panels": [{"targets": [{"expr": planted}]}]})

    assert list(complaints(in_rules(rules))) == [found]
    assert list(complaints(in_dashboard(panels))) == [found]


def test_every_gauge_is_on_the_dashboard():
    shown = " ".join(in_dashboard((FOLDER / "dashboard.json").read_text()))

    assert [each.name for each in exporter.GAUGES if f"koss_{each.name}" not in shown] == []


def test_prometheus_asks_where_the_figures_are(settings):
    asks = yaml.safe_load((FOLDER / "prometheus.yml").read_text())

    [job] = asks["scrape_configs"]
    assert job["static_configs"][0]["targets"] == [settings.KOSS_METRICS]
    assert asks["rule_files"] == ["alerts.yml"]
