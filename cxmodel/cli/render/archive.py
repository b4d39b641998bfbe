"""How kept runs and their verification read: tables and sentences for people, documents for scripts. Keeps nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from cxmodel.archive.entry import when
from cxmodel.cli.render.table import table
from cxmodel.report.text.numbers import MINUS, count, figure, interval
from cxmodel.results import fingerprint
from cxmodel.vocabulary import EVERYONE, METRICS

if TYPE_CHECKING:
    from cxmodel.archive.entry import Kept
    from cxmodel.archive.verification import Difference, Verified
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario
    from cxmodel.simulation.agreement import Agreed

MOST_SHOWN: Final = 12
"""How many differences a reader sees without asking for more; `--json` has them all."""


def listing(runs: Sequence[Kept], short: Mapping[str, str], meaning: str | None) -> str:
    """A line for each run; `meaning` is the hash of the file that was asked for, as it is now."""
    head = ["run", "when", "scenario", "plan", "runs", "seed", "NPS", "likely between", "model"]
    lines = [
        [
            short[run.id],
            when(run.kept),
            run.scenario,
            f"{run.plan} ({run.future})" if run.future else run.plan,
            str(run.replications),
            str(run.seed),
            figure(run.nps, "points"),
            interval(run.nps_low, run.nps_high, "points"),
            _model(run),
        ]
        for run in runs
    ]
    if meaning is not None:
        head.append("the file")
        for line, run in zip(lines, runs, strict=True):
            line.append("as it is now" if run.scenario_hash == meaning else "changed since")
    return table(head, lines, numbers=(4, 5, 6))


def _model(run: Kept) -> str:
    """Which model made it, and that the reference played it."""
    said = "this one" if run.model == fingerprint.of(run.engine) else "another"
    return said if run.engine == "fast" else f"{said}, {run.engine}"


def plain(run: Kept) -> dict[str, Any]:
    """A run for a script."""
    return {
        "run": run.id,
        "kept": run.kept.isoformat(),
        "scenario": {"name": run.scenario, "hash": run.scenario_hash},
        "file": run.file,
        "plan": run.plan,
        "future": run.future,
        "seed": run.seed,
        "replications": run.replications,
        "seconds": run.seconds,
        "version": run.version,
        "engine": run.engine,
        "model": run.model,
        "same_model": run.model == fingerprint.of(run.engine),
        "nps": {"value": run.nps, "low": run.nps_low, "high": run.nps_high},
    }


def verified(found: Verified, run: Mapping[str, Any], short: str) -> Iterator[str]:
    """What came of playing a run again, in words."""
    future = f", external scenario {run['future']}" if run.get("future") else ""
    played = f"{count(run['replications'], 'simulation run')}, seed {run['seed']}"
    of = f"run {short}: {run['scenario']['name']}, plan {run['plan']}{future}, {played}"
    since = when(datetime.fromisoformat(run["kept"]))
    if found.verdict == "same":
        yield "same bits"
        yield f"{of}. Every table and every simulation run is what it was on {since}."
        if found.causes:
            yield f"Although there is another {_list([cause.what for cause in found.causes])} now than there was then."
        return
    yield "not the same bits"
    yield f"{of}. Run again, it is not what it was on {since}:"
    yield ""
    yield _table(found.differences)
    yield ""
    yield _why(found)


def damaged(found: Verified, short: str) -> str:
    """Which files of a run cannot be trusted any more, and what to do."""
    files = _list(list(found.damaged))
    verb = "is" if len(found.damaged) == 1 else "are"
    return (
        f"damaged\nrun {short}: {files} {verb} missing or not as written, so it cannot be compared.\n"
        "Run it again with `cxmodel run`: it is saved anew in place of what is damaged."
    )


def verification(found: Verified) -> dict[str, Any]:
    """The same for a script."""
    return {
        "run": found.id,
        "verdict": found.verdict,
        "differences": [{**each._asdict(), "by": each.by} for each in found.differences],
        "causes": [cause._asdict() for cause in found.causes],
        "damaged": list(found.damaged),
    }


def agreed(short: str, fast: Result, slow: Result, found: Sequence[Agreed]) -> Iterator[str]:
    """Whether the reference agrees with a run, figure by figure, in words."""
    differ = [each for each in found if each.agrees is False]
    yield f"{count(len(differ), 'figure')} of {len(found)} differ" if differ else "the reference agrees"
    future = f", external scenario {fast.scenario.label_or_id('futures', fast.future)}" if fast.future else ""
    plan = fast.scenario.label_or_id("plans", fast.plan)
    played = f"{count(fast.replications, 'simulation run')}, seed {fast.seed}"
    yield (
        f"run {short}: {fast.scenario.name}, plan {plan}{future}, {played}; beside it "
        f"{count(slow.replications, 'simulation run')} of the reference, with random numbers of their own."
    )
    yield ""
    head = ("", "this run", "reference", "standard errors apart", "allowed", "")
    shown = [each for each in found if each.segment == EVERYONE or each.agrees is False]
    yield table(head, [_agreed(each, fast.scenario) for each in shown], numbers=(1, 2, 3, 4))
    yield ""
    yield "Where both are right, all figures agree in 99 of 100 runs."
    if fast.manifest["model"] != fingerprint.model():
        yield "The run was made by another model than there is now, which may be why."


def _agreed(each: Agreed, scenario: Scenario) -> tuple[str, ...]:
    metric = METRICS[each.metric]
    name = (
        metric.label
        if each.segment == EVERYONE
        else f"{metric.label}, {scenario.label_or_id('segments', each.segment)}"
    )
    values = (figure(value, metric.unit, scenario.currency, finer=1) for value in (each.kept, each.reference))
    errors = ("–" if number is None else f"{number:.1f}" for number in (each.apart, each.allowed))
    return name, *values, *errors, {True: "agrees", False: "differs", None: "too few to tell"}[each.agrees]


def agreement(id: str, fast: Result, slow: Result, found: Sequence[Agreed]) -> dict[str, Any]:
    """The same for a script."""
    return {
        "run": id,
        "verdict": "differ" if any(each.agrees is False for each in found) else "agree",
        "replications": fast.replications,
        "reference": slow.manifest,
        "same_model": fast.manifest["model"] == fingerprint.model(),
        "figures": [each._asdict() for each in found],
    }


def _table(differences: Sequence[Difference]) -> str:
    """The first differences, those of headline figures first, and how many more there are."""
    order = sorted(differences, key=lambda each: (each.table != "metrics", not each.about.endswith(" all")))
    lines = [
        (each.table, _about(each), _number(each.was), _number(each.now), _number(each.by, sign=True))
        for each in order[:MOST_SHOWN]
    ]
    shown = table(("table", "what", "was", "is now", "by"), lines, numbers=(2, 3, 4))
    left = len(order) - len(lines)
    return f"{shown}\n… and {count(left, 'figure')} more; --json has them all" if left else shown


def _about(difference: Difference) -> str:
    name, _, rest = difference.about.partition(" ")
    return f"{METRICS[name].label} {rest}".strip() if name in METRICS else difference.about


def _number(value: Any, sign: bool = False) -> str:
    """A number with as many digits as tell it apart."""
    if not isinstance(value, float | int):
        return "–" if value is None else str(value)
    size = f"{abs(value):.3g}" if sign else f"{abs(value):.15g}"
    return f"{MINUS if value < 0 else '+' if sign else ''}{size}"


def _why(found: Verified) -> str:
    """What is likely to have caused the differences."""
    if not found.causes:
        return "Model, libraries and kind of machine are those it was made with: please report this as a fault."
    said = _list([f"{cause.what} ({cause.was} then, {cause.now} now)" for cause in found.causes])
    return f"The likely cause is another {said}."


def _list(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
