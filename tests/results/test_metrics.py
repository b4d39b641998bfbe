"""Metrics: one definition each, and the words of the language name them all."""

from __future__ import annotations

from cxmodel.results.metrics import METRICS
from cxmodel.vocabulary import METRICS as NAMED


def test_scenarios_may_name_every_metric() -> None:
    """The words of the language and the metrics are the same, in the same order."""
    assert list(METRICS) == list(NAMED)


def test_every_metric_says_what_it_is() -> None:
    """A label, a unit and a sentence each."""
    assert [m.name for m in METRICS.values() if not (m.label and m.unit and m.describe.endswith("."))] == []
