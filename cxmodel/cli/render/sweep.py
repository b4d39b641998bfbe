"""How a sweep reads in a terminal: a line for each case, and which could not be simulated. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cxmodel.cli.render.table import caveat, table
from cxmodel.report.text.numbers import count, figure, interval
from cxmodel.vocabulary import HEADLINES, METRICS

if TYPE_CHECKING:
    from cxmodel.studies.sweep import Sweep

SHOWN: Final = 40
"""Cases that are told; `--json` and `--out` have them all."""


def sweep(found: Sweep) -> str:
    """What was played, the headline figures of each case, and the failures."""
    document = found.document()
    cases, failures = document["cases"], document["failures"]
    total = len(found.cases)
    played = f"{count(total, 'case')}, {count(found.replications, 'simulation run')} each, seed {found.seed}"
    blocks = [f"{found.scenario.name}\n{played}"]
    if cases:
        blocks.append(_table(found, cases[:SHOWN]))
    if len(cases) > SHOWN:
        blocks.append(f"and {len(cases) - SHOWN:,} more; --json and --out have them all")
    if failures:
        lines = [f"case {one['case']} ({_case(one, found)}): {one['why']}" for one in failures[:SHOWN]]
        blocks.append("\n".join([f"{len(failures)} of {count(total, 'run')} could not be simulated", *lines]))
    return "\n\n".join([*blocks, caveat(found.replications)])


def _table(found: Sweep, cases: list[dict[str, Any]]) -> str:
    """A line for each case: what is otherwise in it, and its headline figures."""
    paths = list(dict.fromkeys(path for case in cases for path in case["changes"]))
    shown = paths if len(paths) <= 3 else []  # a world drawn at random is otherwise in everything
    heads = ["case", *map(_head, shown), "plan"]
    lines = []
    for case in cases:
        plan = found.scenario.label_or_id("plans", case["plan"])
        plan += f" ({found.scenario.label_or_id('futures', case['future'])})" if case["future"] else ""
        figures = {row["metric"]: row for row in case["metrics"]}
        cells = [_figure(figures.get(metric), metric, found.scenario.currency) for metric in HEADLINES]
        lines.append([str(case["case"]), *(_value(case["changes"][path]) for path in shown), plan, *cells])
    return table([*heads, *(METRICS[metric].label for metric in HEADLINES)], lines, numbers=(0,))


def _head(path: str) -> str:
    """What a column of values is called: `people` for its level, `agents` for what is named."""
    *rest, last = path.split(".")
    return rest[-1] if rest and last in ("level", "value") else last


def _figure(row: Mapping[str, Any] | None, metric: str, currency: str | None) -> str:
    if row is None:
        return "–"
    unit = METRICS[metric].unit
    value = figure(row["value"], unit, currency)
    return value if row["low"] is None else f"{value} ({interval(row['low'], row['high'], unit, currency)})"


def _case(case: Mapping[str, Any], found: Sweep) -> str:
    changes = [f"{path}={_value(value)}" for path, value in list(case["changes"].items())[:3]]
    called = found.scenario.label_or_id
    future = [f"external scenario {called('futures', case['future'])}"] if case["future"] else []
    return ", ".join([*changes, f"plan {called('plans', case['plan'])}", *future])


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
