"""A run's results in a terminal: question, headline figures, gaps, check against today. Computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Final

from cxmodel.cli.render.table import WIDTH, caveat, heading, table
from cxmodel.report.text import uncertainty
from cxmodel.report.text.captions import NOBODY
from cxmodel.report.text.headline import acts
from cxmodel.report.text.numbers import MINUS, figure, interval, measure_of_today, short_or_ahead
from cxmodel.report.text.worth import worth
from cxmodel.vocabulary import EVERYONE, JsonDict, shown

if TYPE_CHECKING:
    from cxmodel.results.result import Result

GAPS_SHOWN: Final = 6
"""How many touchpoint gaps a summary shows."""


def summary(
    results: Sequence[Result], todays: Sequence[Result | None], tested: Sequence[JsonDict | None] | None = None
) -> str:
    """What a scenario's plans come to, for people: question, figures, gaps, check against today.

    `todays`: what each plan is held against, None for today itself; `tested`: what the assumption scenarios say of
    each, where they were asked for.
    """
    first = results[0]
    blocks = [heading(first.scenario, "", first.replications, first.seed, first.future)]
    for result, today, document in zip(results, todays, tested or [None] * len(results), strict=True):
        blocks.append(f"{_plan(result)}\n\n{_headline(result.rows('metrics'), result.scenario.currency)}")
        blocks.append(_worth(result, today, document))
        blocks.append(_gaps(result))
    blocks += [_today(first), caveat(first.replications)]
    return "\n\n".join(block for block in blocks if block)


def _plan(result: Result) -> str:
    """The plan and what it does, in the words of its initiatives."""
    does = acts(result.scenario, result.plan)
    name = result.scenario.label_or_id("plans", result.plan)
    return f"== Plan {name}: {'; '.join(does) or 'no action, everything stays as it is'}"


def _headline(metrics: Sequence[JsonDict], currency: str | None) -> str:
    """The headline metrics of all segments together; what could not be had is left out."""
    rows = {row["metric"]: row for row in metrics if row["segment"] == EVERYONE}
    headlines = [rows[name] for name in shown("summary") if name in rows and rows[name]["value"] is not None]
    lines = [(row["label"], *_figure(row, currency)) for row in headlines]
    return table(("", "value", "likely between", ""), lines, numbers=(1,))


def _figure(row: JsonDict, currency: str | None) -> tuple[str, str, str]:
    """Value, interval and unit of a metric, in words where a number alone would mislead."""
    unit = "money" if row["unit"] == currency else row["unit"]
    said = "" if unit.startswith(("share", "money")) else unit
    if row["metric"] == "expectation_gap" and row["value"] < 0:
        said += ": exceeds expectation"
    certain = row["low"] is not None and row["low"] == row["high"]
    span = "the same in every run" if certain else interval(row["low"], row["high"], unit, currency)
    return figure(row["value"], unit, currency), span, said


def _worth(result: Result, today: Result | None, document: JsonDict | None) -> str:
    """Whether it pays, in the sentence that the page and reports say too; nothing of today."""
    if today is None:
        return ""
    hangs = "" if document is None else f" {uncertainty.hangs_on(document)}"
    return fill(f"{worth(result, today, document)}{hangs}".strip(), WIDTH)


def _gaps(result: Result) -> str:
    """Where expectation and experience part most, the largest shortfall first."""
    rows = [row for row in result.rows("touchpoints") if row["gap"] is not None]
    together = [row for row in rows if row["segment"] == EVERYONE] or rows
    worst = sorted(together, key=lambda row: -row["gap"])[:GAPS_SHOWN]
    lines = [
        (
            result.scenario.label("journey", row["touchpoint"]),
            result.scenario.label("attributes", row["attribute"]),
            f"{row['expected']:.0f}",
            f"{row['perceived']:.0f}",
            shortfall(row["gap"], row.get("gap_low"), row.get("gap_high")),
        )
        for row in worst
    ]
    body = table(("touchpoint", "attribute", "expected", "experienced", "gap"), lines, numbers=(2, 3))
    return f"Expectation gap by touchpoint (points of 100, the largest first)\n{body}" if lines else ""


def _today(result: Result) -> str:
    """Whether the model starts from the company's own numbers."""
    lines = []
    for row in result.rows("today"):
        if row["measured"] is None:
            continue
        name, unit = measure_of_today(row)
        if row["segment"] != EVERYONE:
            name = f"{name}: {result.scenario.label('segments', row['segment'])}"
        modelled = NOBODY if row["modelled"] is None else figure(row["modelled"], unit)
        lines.append((name, figure(row["measured"], unit), modelled))
    body = table(("", "measured", "modelled"), lines, numbers=(1, 2))
    return f"Today, as measured and as modelled\n{body}" if lines else ""


def shortfall(gap: float, low: float | None, high: float | None) -> str:
    """A gap in words with its interval: `falls short by 36 (34 to 38)`."""
    said = short_or_ahead(gap)
    if low is None or high is None or "by" not in said:
        return said
    near, far = (f"{end:.0f}".replace("-", MINUS) for end in ((low, high) if gap > 0 else (-high, -low)))
    return said if near == far else f"{said} ({near} to {far})"
