"""How the best use of a budget reads in a terminal: what to choose, what less money buys. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cxmodel.cli.render.table import caveat, heading, table
from cxmodel.report.text import optimisation
from cxmodel.report.text.numbers import count
from cxmodel.scenario.faults import shorten
from cxmodel.vocabulary import METRICS

if TYPE_CHECKING:
    from cxmodel.studies.optimisation.optimum import Optimum

FAILURES: Final = 3
"""Failures that are told; `--json` has them all."""


def optimum(found: Optimum) -> str:
    """The whole of it: the answer, what less money buys, what to know before it is believed."""
    document = found.document()
    tried = f"{count(found.evaluated, 'set')} of initiatives tried, figures from a further "
    how = f"Best use of {optimisation.spent(found.budget, document)}: {tried}"
    head = heading(found.scenario, how, found.replications, found.seed, found.future)
    blocks = [
        head,
        optimisation.sentence(document, found.scenario),
        _front(found, document),
        _notes(found),
        caveat(found.replications),
    ]
    return "\n\n".join(block for block in blocks if block)


def _front(found: Optimum, document: Mapping[str, Any]) -> str:
    """What each smaller budget would buy, the cheapest first."""
    labels = (METRICS[metric].label for metric in optimisation.metrics_of(document))
    body = table(("cost", *labels, "initiatives"), optimisation.lines(document, found.scenario), numbers=(0,))
    return f"Smaller budgets (change against today)\n{body}"


def _notes(found: Optimum) -> str:
    """What to know before it is believed, and what failed."""
    lines = [f"{note[:1].upper()}{note[1:]}." for note in found.notes]
    for lost in found.failures[:FAILURES]:
        lines.append(
            f"Could not be simulated: {optimisation.named(lost.initiatives, found.scenario)}: {shorten(lost.why, 200)}"
        )
    if len(found.failures) > FAILURES:
        lines.append(f"{len(found.failures) - FAILURES:,} more could not be simulated either.")
    return "\n".join(lines)
