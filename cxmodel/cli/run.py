"""Verbs that play a scenario and tell what comes of it: run, check, compare, explain."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cxmodel.cli import output
from cxmodel.cli.options import (
    REPLICATIONS,
    UNMET,
    AsJson,
    File,
    Jobs,
    Keeper,
    Limit,
    Quiet,
    Seed,
    precision_of,
    say,
    say_json,
    scenario_of,
    scenarios_of,
    tell,
    verbs,
    weigh,
)
from cxmodel.errors import UsageError
from cxmodel.vocabulary import AS_IS, JsonDict

if TYPE_CHECKING:
    from cxmodel.results.request import RunRequest
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario


@verbs.command(
    short_help="Simulate a scenario and report what customers would make of it.",
    epilog="""\b
Examples:
  cxmodel run scenarios/pretty_app.yaml
  cxmodel run scenarios/pretty_app.yaml --plan as_is --plan fix_the_wait --json
  cxmodel run scenarios/pretty_app.yaml --plan both --uncertainty
  cxmodel run scenarios/pretty_app.yaml --set levers.people.level=0.8
  cxmodel run scenarios/pretty_app.yaml --replications 60 --seed 7 --out results
  cxmodel run scenarios/pretty_app.yaml --limit seconds=600,memory=2GB
  cxmodel run scenarios/pretty_app.yaml --engine reference --replications 4
  sed 's/level: 0.5/level: 0.7/' scenarios/pretty_app.yaml | cxmodel run -     from standard input
""",
)
def run(
    file: File,
    plan: Annotated[
        list[str] | None,
        typer.Option(help="A plan of the scenario; give it again for another. [default: as_is]", metavar="NAME"),
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Simulation runs; more give narrower intervals. [default: 30]"),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(
            metavar="P%", help="Or simulate until the key figures are known to P points, or P % of the money."
        ),
    ] = None,
    seed: Seed = 1,
    future: Annotated[
        str | None, typer.Option(metavar="NAME", help="Under this external scenario of the file (futures).")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value of the scenario for this run."),
    ] = None,
    jobs: Jobs = None,
    limit: Limit = None,
    engine: Annotated[
        Literal["fast", "reference"],
        typer.Option(help="The engine; the reference is plain SimPy, slow but easy to read."),
    ] = "fast",
    uncertainty: Annotated[
        bool,
        typer.Option(
            "--uncertainty", help="Test the assumptions too: in how many of 100 assumption scenarios a plan pays."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the tables and a manifest to this folder."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a scenario and report what customers would make of it, with an interval on every figure.

    What would take more than an hour, or more memory than there is, is refused before it starts, unless --limit allows
    it; what takes more than a minute or 2 GB says so first.

    The reference simulates the same model one customer after the other, and says first about how long that takes.
    Both agree within Monte-Carlo error; `cxmodel verify RUN --reference` shows whether they do.
    """
    from cxmodel.cli.render.run import summary
    from cxmodel.results.request import RunRequest

    if out is not None:
        output.ready_folder(out, "--out")
    scenario = scenario_of(file, set_ or [], quiet)
    plans = list(dict.fromkeys(plan or [AS_IS]))
    options: dict[str, Any] = {"seed": seed, "future": future, "jobs": jobs}
    if aim := precision_of(precision, replications):
        if engine == "reference":
            raise UsageError("the reference is too slow for --precision; give --replications")
        options["precision"] = aim
    else:
        options |= {"replications": replications or REPLICATIONS, "engine": engine}
    many = replications or REPLICATIONS
    weigh([RunRequest(scenario, name, future, many, seed, engine) for name in plans], jobs, quiet, limit)
    if uncertainty:
        from cxmodel.studies.uncertainty import REPLICATIONS as FEW
        from cxmodel.studies.uncertainty import WORLDS

        acting = [AS_IS, *(name for name in plans if scenario.initiatives_of(name))]
        weigh([RunRequest(scenario, name, future, FEW) for name in acting[1:] and acting], jobs, quiet, limit, WORLDS)
    if engine == "reference" and not quiet:
        _tell_how_long(scenario, plans, future, replications or REPLICATIONS)
    began = time.monotonic()
    results = simulated(scenario, plans, quiet, **options)
    keeper = Keeper()
    kept = keeper.keep(results, time.monotonic() - began)
    tested = [_tested(result, jobs, quiet) if uncertainty else None for result in results]
    if as_json:
        documents = [{"run": id, **result.document()} for id, result in zip(kept, results, strict=True)]
        for document, worlds in zip(documents, tested, strict=True):
            if uncertainty:
                document["uncertainty"] = worlds
        say_json(documents[0] if len(documents) == 1 else {"plans": documents})
    else:
        todays = [_today_of(result) for result in results]
        say(summary(results, todays, tested))
    if out is not None:
        _save(results, out)
    keeper.end()


def _tell_how_long(scenario: Scenario, plans: list[str], future: str | None, replications: int) -> None:
    """Say how long the reference will take, before it begins."""
    from cxmodel.report.text.numbers import count, duration
    from cxmodel.results.request import RunRequest
    from cxmodel.simulation.agreement import seconds

    wanted = [RunRequest(scenario, plan, future, replications, engine="reference") for plan in plans]
    baselines = [each.baseline for each in wanted]
    names = dict.fromkeys(each.plan for each in [*baselines, *wanted] if each is not None)
    need = duration(replications * seconds(scenario, list(names), future))
    played = f"{count(replications, 'simulation run')} of {' and '.join(names)}"
    tell(f"The reference simulates one customer after the other: about {need} for {played}.")


def simulated(scenario: Scenario, plans: list[str], quiet: bool, **options: Any) -> list[Result]:
    """One result per plan; an unknown plan is told before the first run, not after it."""
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.simulation.precision import simulate_precisely
    from cxmodel.simulation.simulate import simulate

    for name in plans:
        scenario.initiatives_of(name)
    results: list[Result] = []
    for number, name in enumerate(plans, start=1):
        with TerminalProgress(name, number, len(plans), quiet) as progress:
            if "precision" in options:
                result, came = simulate_precisely(scenario, name, progress=progress, **options)
            else:
                result, came = simulate(scenario, name, progress=progress, **options), None
        results.append(result)
        if came is not None and not quiet:
            from cxmodel.cli.render.comparison import precise  # brings pandas along

            tell(f"{name}: {precise(came)}")
    return results


def _today_of(result: Result) -> Result | None:
    """What a plan is held against: it was played with it, and is still there."""
    from cxmodel.simulation.simulate import simulate_all

    baseline = result.wanted.baseline
    return None if baseline is None else simulate_all([baseline])[0]


def _tested(result: Result, jobs: int | None, quiet: bool) -> JsonDict | None:
    """What assumption scenarios say of a plan, kept for the page and reports; None of today, which changes nothing."""
    from cxmodel.archive import Archive
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.errors import ArchiveError
    from cxmodel.studies import uncertainty

    scenario, plan, future = result.scenario, result.plan, result.future
    if not scenario.initiatives_of(plan):
        return None
    archive, key = Archive(), uncertainty.made_from(scenario, plan, future=future)
    found: JsonDict | None = archive.study(uncertainty.KEPT, key)
    if found is None:
        with TerminalProgress(f"{plan}, assumptions", of="case", quiet=quiet) as progress:
            made = uncertainty.uncertainty(scenario, plan, future=future, jobs=jobs, store=archive, progress=progress)
        found = made.document()
        with suppress(ArchiveError):  # the run itself has said so
            archive.keep_study(uncertainty.KEPT, key, found)
    return found


def _save(results: list[Result], folder: Path) -> None:
    """Every result's tables: in the folder itself, or in one folder per plan."""
    from cxmodel.results.result import files_of

    for result in results:
        output.put_all(folder if len(results) == 1 else folder / result.plan, files_of(result), "--out")


@verbs.command(
    short_help="Check that a scenario's results are what it expects.",
    epilog="""\b
Examples:
  cxmodel check scenarios/pretty_app.yaml
  cxmodel check scenarios/*.yaml --junit checks.xml
  cxmodel check scenarios/pretty_app.yaml --replications 200 --json
""",
)
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="One or more scenarios.", show_default=False)],
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the verdicts as JUnit XML, for a build server.")
    ] = None,
    replications: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="Simulation runs of each plan; more leave less open."),
    ] = 60,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same verdicts.")] = 1,
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Check what a scenario expects of its results, in its `expect:` block.

    A check passes where the whole interval lies on the right side, fails where all of it lies on the
    wrong side, and is inconclusive where the interval holds the line. Only a failed one makes the exit code 1."""
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.cli.render import checks
    from cxmodel.report.text.numbers import count
    from cxmodel.studies.checks import check as checks_of

    if junit is not None:
        output.ready(junit, "--junit")
    checked: list[checks.Checked] = []
    scenarios = scenarios_of(files, quiet)
    weigh([run for each in scenarios.values() for run in _checked(each, replications, seed)], jobs, quiet)
    for number, (file, scenario) in enumerate(scenarios.items(), start=1):
        with TerminalProgress(file, number, len(scenarios), quiet) as progress:
            rows = checks_of(scenario, replications, seed, jobs, progress)
        checked.append(checks.Checked(file, scenario, rows))
    if junit is not None:
        output.put(junit, checks.junit(checked), "--junit")
    if as_json:
        say_json(checks.document(checked, replications, seed))
    else:
        for line in checks.lines(checked):
            say(line)
    found = checks.counts(checked)
    if not quiet and any(found.values()):
        played = f"{count(replications, 'simulation run')}, seed {seed}"
        tell(f"{found['pass']} passed, {found['fail']} failed, {found['inconclusive']} inconclusive; {played}.")
    if found["fail"]:
        raise typer.Exit(UNMET)


def _checked(scenario: Scenario, replications: int, seed: int) -> list[RunRequest]:
    """The runs that a scenario's checks take."""
    from cxmodel.results.request import RunRequest

    named = [name for each in scenario.expect for name in (each.plan, each.better_than, each.worse_than) if name]
    return [RunRequest(scenario, plan, None, replications, seed) for plan in dict.fromkeys(named)]


@verbs.command(
    short_help="Compare plans: what each changes, with intervals and a verdict.",
    epilog="""\b
Examples:
  cxmodel compare scenarios/pretty_app.yaml
  cxmodel compare scenarios/pretty_app.yaml --plan both --against fix_the_wait
  cxmodel compare scenarios/pretty_app.yaml --future rival_leaps --precision 2%
  cxmodel compare base.yaml bolder.yaml --json
""",
)
def compare(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE", help="A scenario; of several, each is held against the first.", show_default=False
        ),
    ],
    plan: Annotated[
        list[str] | None,
        typer.Option(help="A plan to compare; give it again for another. [default: every plan]", metavar="NAME"),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The plan to compare with. [default: as_is; of several files: the same plan]"
        ),
    ] = None,
    future: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Under this external scenario (futures); give it again for another."),
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Simulation runs of each; more give narrower intervals. [default: 30]"),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(metavar="P%", help="Or simulate until differences are known to P points, or P % of the money."),
    ] = None,
    seed: Seed = 1,
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare plans with today: each difference with its interval, and whether it is clear.

    Both sides of a comparison use the same random numbers (matched runs), so that far fewer simulation runs tell
    them apart. The exit code is 0 whatever is found.
    """
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.studies.comparison import compare as differences
    from cxmodel.studies.comparison import pairs_of, wanted

    aim = precision_of(precision, replications)
    scenarios = list(scenarios_of(files, quiet).values())
    many = replications or REPLICATIONS
    weigh(list(wanted(scenarios, pairs_of(scenarios, plan, against, future), many, seed).values()), jobs, quiet)
    began = time.monotonic()
    with TerminalProgress("compare", quiet=quiet) as progress:
        found = differences(
            scenarios,
            plan,
            against,
            future,
            replications=replications or REPLICATIONS,
            seed=seed,
            precision=aim,
            jobs=jobs,
            progress=progress,
        )
    keeper = Keeper()
    keeper.keep(list(found.results.values()), time.monotonic() - began)
    if as_json:
        say_json(found.document())
    else:
        from cxmodel.cli.render.comparison import comparison

        say(comparison(found))
    keeper.end()


@verbs.command(
    short_help="Explain why: causes of the gap, root causes, priorities.",
    epilog="""\b
Examples:
  cxmodel explain scenarios/pretty_app.yaml
  cxmodel explain scenarios/pretty_app.yaml --plan both
  cxmodel explain scenarios/pretty_app.yaml --json
""",
)
def explain(
    file: File,
    plan: Annotated[str, typer.Option(metavar="NAME", help="The plan to explain.")] = AS_IS,
    future: Annotated[str | None, typer.Option(metavar="NAME", help="Under this external scenario (futures).")] = None,
    replications: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="Simulation runs of each; more give narrower intervals."),
    ] = 30,
    seed: Seed = 1,
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Explain why results are as they are: insight, standards, delivery and promise gaps; root causes of
    contacts; priorities for improvement; what each initiative contributes.

    Priorities are worked out by simulation: each touchpoint is lifted in turn to what customers need, in matched
    runs. That is a case for each touchpoint, and for each set of the plan's initiatives.
    """
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.results.request import RunRequest
    from cxmodel.studies.explanation import explain as reasons

    scenario = scenario_of(file, [], quiet)
    cases = 1 + len(scenario.journey) + 2 ** min(len(scenario.initiatives_of(plan)), 6)
    weigh([RunRequest(scenario, plan, future, replications, seed)], jobs, quiet, times=cases)
    began = time.monotonic()
    with TerminalProgress("explain", quiet=quiet) as progress:
        found = reasons(
            scenario, plan, future=future, replications=replications, seed=seed, jobs=jobs, progress=progress
        )
    keeper = Keeper()
    if keeper.keep([found.result], time.monotonic() - began) != [None]:
        from cxmodel.archive import Archive
        from cxmodel.cli.report import keep_explanation

        with keeper.trying():
            keep_explanation(Archive(), found.result, found.document())
    if as_json:
        say_json(found.document())
    else:
        from cxmodel.cli.render.explanation import explanation

        say(explanation(found))
    keeper.end()
