"""How results and problems read in a terminal: aligned tables, words, progress. Computes nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Self, TextIO

from cxmodel.errors import Problem
from cxmodel.report.figures import MINUS, count, figure, humanise, interval, measure_of_today, short_or_ahead

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.simulation.diagnosis import Diagnosis

HEADLINE: Final = (
    "expectation_gap",
    "satisfaction",
    "retention",
    "nps",
    "nps_everyone",
    "customer_equity",
    "clv",
    "cost",
    "return_on_quality",
    "pays_off",
    "payback_month",
    "contacts_per_customer",
    "wait_minutes",
    "abandonment",
)
"""The metrics a reader sees without asking for more, in this order; `--json` has them all."""

GAPS_SHOWN: Final = 6
"""How many touchpoint gaps a summary shows."""

Row = Mapping[str, Any]
Found = Mapping[str, tuple[Problem, ...]]
"""The problems of each file that was looked at."""


def summary(results: Sequence[Result]) -> str:
    """What a scenario's plans come to, for people: question, figures, gaps, check against today."""
    first = results[0]
    head = [first.scenario.name]
    if first.scenario.question:
        head.append(" ".join(first.scenario.question.split()))
    replications = count(first.replications, "replication")
    head.append(f"{replications}, seed {first.seed}" + (f", future {first.future}" if first.future else ""))
    blocks = ["\n".join(head)]
    for result in results:
        blocks.append(f"{_plan(result)}\n\n{_headline(result.rows('metrics'), result.scenario.currency)}")
        blocks.append(_gaps(result.rows("touchpoints")))
    blocks += [_today(first.rows("today")), caveat(first.replications)]
    return "\n\n".join(block for block in blocks if block)


def _plan(result: Result) -> str:
    """The plan and what it does, in the words of its initiatives."""
    initiatives = result.scenario.initiatives
    does = [initiatives[name].what or humanise(name) for name in result.scenario.initiatives_of(result.plan)]
    return f"== Plan {result.plan}: {'; '.join(does) or 'everything stays as it is'}"


def _headline(metrics: Sequence[Row], currency: str | None) -> str:
    """The headline metrics of all segments together; what could not be had is left out."""
    rows = {row["metric"]: row for row in metrics if row["segment"] == "all"}
    shown = [rows[name] for name in HEADLINE if name in rows and rows[name]["value"] is not None]
    lines = [(row["label"], *_figure(row, currency)) for row in shown]
    return table(("", "value", "likely between", ""), lines, numbers=(1,))


def _figure(row: Row, currency: str | None) -> tuple[str, str, str]:
    """Value, interval and unit of a metric, in words where a number alone would mislead."""
    unit = "money" if row["unit"] == currency else row["unit"]
    said = "" if unit.startswith(("share", "money")) else unit
    if row["metric"] == "expectation_gap" and row["value"] < 0:
        said += ": more than they expect"
    certain = row["low"] is not None and row["low"] == row["high"]
    span = "the same in every run" if certain else interval(row["low"], row["high"], unit, currency)
    return figure(row["value"], unit, currency), span, said


def _gaps(touchpoints: Sequence[Row]) -> str:
    """Where expectation and experience part most, the largest shortfall first."""
    rows = [row for row in touchpoints if row["gap"] is not None]
    together = [row for row in rows if row["segment"] == "all"] or rows
    worst = sorted(together, key=lambda row: -row["gap"])[:GAPS_SHOWN]
    lines = [
        (
            humanise(row["touchpoint"]),
            humanise(row["attribute"]),
            f"{row['expected']:.0f}",
            f"{row['perceived']:.0f}",
            shortfall(row["gap"], row.get("gap_low"), row.get("gap_high")),
        )
        for row in worst
    ]
    body = table(("touchpoint", "judged by", "expected", "lived", "what customers notice"), lines, numbers=(2, 3))
    return f"Where expectation and experience part (points of 100, the widest first)\n{body}" if lines else ""


def _today(rows: Sequence[Row]) -> str:
    """Whether the model starts from the company's own numbers."""
    lines = []
    for row in rows:
        if row["measured"] is None:
            continue
        name, unit = measure_of_today(row)
        if row["segment"] != "all":
            name = f"{name}: {humanise(row['segment'])}"
        lines.append((name, figure(row["measured"], unit), figure(row["modelled"], unit)))
    body = table(("", "measured", "modelled"), lines, numbers=(1, 2))
    return f"Does it start from your numbers of today?\n{body}" if lines else ""


def caveat(replications: int) -> str:
    """What the intervals tell, and what they do not."""
    if replications == 1:
        return "One replication has no interval: use --replications 30 to see what is chance."
    return (
        "The intervals tell what is chance in the run, not how sure the scenario's own numbers are: a model\n"
        "shows what follows from them, not what will happen."
    )


def shortfall(gap: float, low: float | None, high: float | None) -> str:
    """A gap in words with its interval: `short by 36 (34 to 38)`."""
    said = short_or_ahead(gap)
    if low is None or high is None or "by" not in said:
        return said
    near, far = (f"{end:.0f}".replace("-", MINUS) for end in ((low, high) if gap > 0 else (-high, -low)))
    return said if near == far else f"{said} ({near} to {far})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """Aligned columns under a head, those of `numbers` to the right; empty without rows."""
    lines = [head, *rows]
    if len(lines) == 1:
        return ""
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def installation(found: Diagnosis) -> str:
    """What this installation is like, and what may make it slow or its numbers others than elsewhere."""
    speed, cores = found.speed, count(found.cores, "core")
    facts = [
        *found.versions.items(),
        ("Engine", f"{speed.visits / 1e6:.1f} million visits a second on one of {cores}"),
        ("", f"ready after {speed.loading:.1f} s, compiled code kept in {found.cache or 'no folder'}"),
        ("Runs", f"kept in {found.archive}"),
    ]
    width = max(len(name) for name, _ in facts)
    risks = "".join(f"\n- {risk}" for risk in found.risks)
    told = f"Worth mending:{risks}" if risks else "Nothing here makes it slow or its numbers others than elsewhere."
    return "\n".join([*(f"{name:<{width}}  {value}" for name, value in facts), "", told])


def errors_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that stop a scenario from being used."""
    return tuple(problem for problem in problems if problem.severity == "error")


def listing(found: Found, quiet: bool) -> Iterator[str]:
    """Every file's problems in full, and a line for a file without errors; quiet leaves the errors."""
    for file, problems in found.items():
        errors = errors_of(problems)
        yield from (f"{problem}\n" for problem in (errors if quiet else problems))
        if not errors and not quiet:
            yield f"{file}: valid" + (f", {count(len(problems), 'warning')}" if problems else "")


def verdicts(found: Found) -> dict[str, Any]:
    """Every file's problems as one JSON document."""
    keys = ("code", "severity", "file", "line", "column", "path", "message", "expected", "excerpt", "inherited")
    return {
        "files": [
            {
                "file": file,
                "valid": not errors_of(problems),
                "problems": [{key: getattr(problem, key) for key in keys} for problem in problems],
            }
            for file, problems in found.items()
        ]
    }


def workflow_commands(found: Found) -> Iterator[str]:
    """Problems as workflow commands of GitHub Actions, which mark their lines in a pull request."""
    for problem in (problem for problems in found.values() for problem in problems):
        place = {"file": problem.file, "line": problem.line, "col": problem.column, "title": problem.code}
        where = ",".join(f"{key}={_escape(str(value), ':,')}" for key, value in place.items() if value)
        text = ". ".join(part for part in (problem.message, problem.expected, problem.inherited) if part)
        said = f"{problem.path}: {text}" if problem.path else text
        yield f"::{problem.severity} {where}::{_escape(said)}"


def _escape(text: str, also: str = "") -> str:
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


class Progress:
    """How much is done, on stderr: one line kept up to date in a terminal, now and then a line elsewhere."""

    def __init__(
        self, plan: str, number: int = 1, plans: int = 1, quiet: bool = False, of: str = "replication"
    ) -> None:
        self.of = of
        self.name = plan if plans == 1 else f"{plan} ({number} of {plans})"
        self.quiet = quiet
        self.stream: TextIO = sys.stderr
        self.live = self.stream.isatty()
        self.every = 0.1 if self.live else 5.0
        self.told = time.monotonic() if not self.live else 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self.quiet or now - self.told < self.every:
            return
        self.told = now
        line = f"{self.name}: {done:,} of {count(total, self.of)}"
        self.stream.write(f"\r{line}\x1b[K" if self.live else f"{line}\n")
        self.stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.live and not self.quiet:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
