"""Verbs that play many runs for one answer: sensitivity, discover, optimise, sweep. Each says first what it costs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cxmodel.cli import output
from cxmodel.cli.options import (
    FAILED,
    REPLICATIONS,
    AsJson,
    File,
    Jobs,
    Quiet,
    Seed,
    say,
    say_json,
    scenario_of,
    tell,
    verbs,
    weigh,
)
from cxmodel.errors import UsageError
from cxmodel.results.csv_text import csv_of
from cxmodel.vocabulary import AS_IS

Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Simulate on this Dask cluster, such as tcp://localhost:8786. [default: here]"
    ),
]
Future = Annotated[str | None, typer.Option(metavar="NAME", help="Under this external scenario (futures).")]
SPAN = re.compile(r"\s*(-?[\d.]+)\s*\.\.\s*(-?[\d.]+)\s*/\s*(\d+)\s*")
"""`0.2..0.8/4`: four values, evenly from the first to the last."""


@contextmanager
def executor_of(address: str | None) -> Iterator[Executor | None]:
    """The executor of a cluster; None for this machine's own threads."""
    if address is None:
        yield None
        return
    from cxmodel.simulation.cluster import cluster

    with cluster(address) as found:
        yield found


@verbs.command(
    short_help="Find which uncertain number matters most to the result.",
    epilog="""\b
Examples:
  cxmodel sensitivity scenarios/pretty_app.yaml
  cxmodel sensitivity scenarios/pretty_app.yaml --plan fix_the_wait --metric nps
  cxmodel sensitivity scenarios/pretty_app.yaml --method morris --trajectories 20
  cxmodel sensitivity scenarios/pretty_app.yaml --method sobol --cluster tcp://scheduler:8786
  cxmodel sensitivity scenarios/pretty_app.yaml --over levers --over assumptions.liquid --json
""",
)
def sensitivity(
    file: File,
    plan: Annotated[
        str, typer.Option(metavar="NAME", help="as_is, or the plan whose difference from today is studied.")
    ] = AS_IS,
    metric: Annotated[
        str | None, typer.Option(metavar="NAME", help="The metric it matters to. [default: customer_equity, else nps]")
    ] = None,
    method: Annotated[
        Literal["tornado", "morris", "sobol"],
        typer.Option(
            help="tornado: one number at a time; morris: from many starting points; sobol: shares of variance."
        ),
    ] = "tornado",
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="A number with a range, an assumption, or a part; again for another. [default: all there are]",
        ),
    ] = None,
    future: Future = None,
    replications: Annotated[
        int, typer.Option(min=2, metavar="N", help="Simulation runs of each case; more leave less noise.")
    ] = 10,
    trajectories: Annotated[
        int, typer.Option(min=2, metavar="N", help="Starting points of morris, and of the screening before sobol.")
    ] = 10,
    samples: Annotated[int, typer.Option(min=8, metavar="N", help="Samples of sobol, a power of two.")] = 128,
    seed: Seed = 1,
    jobs: Jobs = None,
    cluster: Cluster = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find what matters most: how far a metric moves when an uncertain number takes another value.

    All numbers with a low and a high are tried, and all assumptions of the model. How long it takes is said before
    it starts; cases are saved, so that a study that was stopped continues where it was. What cannot be distinguished
    from simulation error is said to be so.
    """
    from cxmodel.archive import Archive
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.cli.render.sensitivity import cost as takes
    from cxmodel.cli.render.sensitivity import sensitivity as matters
    from cxmodel.results.request import RunRequest
    from cxmodel.studies.sensitivity.study import cost
    from cxmodel.studies.sensitivity.study import sensitivity as found_by

    scenario, store = scenario_of(file, [], quiet), Archive()
    weigh([RunRequest(scenario, plan, future, replications, seed)], jobs, quiet)
    asked: dict[str, Any] = {
        "over": over,
        "future": future,
        "replications": replications,
        "trajectories": trajectories,
        "samples": samples,
        "seed": seed,
        "jobs": jobs,
    }
    if not quiet:
        tell(takes(cost(scenario, plan, method, store=store, **asked), method))
    with executor_of(cluster) as executor, TerminalProgress("sensitivity", of="case", quiet=quiet) as progress:
        found = found_by(
            scenario,
            plan,
            metric=metric,
            method=method,
            executor=executor,
            store=store,
            progress=progress,
            **asked,
        )
    if as_json:
        say_json(found.document())
    else:
        say(matters(found))


@verbs.command(
    short_help="Stress-test a plan: under which assumptions does it fail?",
    epilog="""\b
Examples:
  cxmodel discover scenarios/pretty_app.yaml --plan fix_the_wait
  cxmodel discover scenarios/pretty_app.yaml --plan both --fails "nps < 30" --worlds 400
  cxmodel discover scenarios/pretty_app.yaml --plan both --cluster tcp://scheduler:8786 --json
""",
)
def discover(
    file: File,
    plan: Annotated[str, typer.Option(metavar="NAME", help="The plan whose failures are looked for.")],
    fails: Annotated[
        str | None,
        typer.Option(
            metavar="RULE",
            help='When it fails, such as "nps < 30", of its own run. [default: where it does not earn its cost]',
        ),
    ] = None,
    worlds: Annotated[
        int, typer.Option(min=1, metavar="N", help="Assumption scenarios to try; more find smaller boxes.")
    ] = 200,
    future: Future = None,
    replications: Annotated[
        int, typer.Option(min=1, metavar="N", help="Simulation runs of each assumption scenario.")
    ] = 2,
    seed: Seed = 1,
    jobs: Jobs = None,
    cluster: Cluster = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Stress-test a plan: in how many assumption scenarios does it fail, and for which values of the uncertain
    numbers?

    In each assumption scenario every number with a range and every assumption of the model is drawn anew; the plan and
    today are simulated in matched runs. PRIM then looks for the box in which failures cluster, which is tried on halves
    of the scenarios and on shuffled outcomes. Where none stands out, that is said. What was simulated is saved.
    """
    from cxmodel.archive import Archive
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.cli.render import discovery as failing
    from cxmodel.results.request import RunRequest
    from cxmodel.studies.discovery import study

    scenario, store = scenario_of(file, [], quiet), Archive()
    weigh([RunRequest(scenario, plan, future, replications, seed)], jobs, quiet)
    asked: dict[str, Any] = {
        "fails": fails, "worlds": worlds, "replications": replications, "future": future, "seed": seed, "store": store,
    }  # fmt: skip
    study.wanted(scenario, plan, **{name: value for name, value in asked.items() if name != "store"})
    with executor_of(cluster) as executor:
        if not quiet:
            tell(failing.expected(study.cost(scenario, plan, jobs=jobs, **asked)))
        with TerminalProgress("discover", of="case", quiet=quiet) as progress:
            found = study.discover(scenario, plan, executor=executor, jobs=jobs, progress=progress, **asked)
    if as_json:
        say_json(found.document())
    else:
        say(failing.discovery(found))


@verbs.command(
    short_help="Find the best use of a budget: which initiatives to take up.",
    epilog="""\b
Examples:
  cxmodel optimise scenarios/pretty_app.yaml --budget 20000
  cxmodel optimise scenarios/pretty_app.yaml --budget 20000 --maximise nps
  cxmodel optimise scenarios/pretty_app.yaml --budget 20000 --json
""",
)
def optimise(
    file: File,
    budget: Annotated[
        float,
        typer.Option(
            metavar="AMOUNT", help="What may be spent over the horizon, in the scenario's currency.", show_default=False
        ),
    ],
    maximise: Annotated[
        str,
        typer.Option(metavar="METRIC", help="The objective; a metric that is better when lower is minimised."),
    ] = "net_value",
    future: Future = None,
    replications: Annotated[
        int,
        typer.Option(
            min=1, metavar="N", help="Simulation runs behind each figure; choosing takes up to 4 times as many."
        ),
    ] = REPLICATIONS,
    seed: Seed = 1,
    trials: Annotated[
        int, typer.Option(min=1, metavar="N", help="Sets to try where there are more than 12 initiatives.")
    ] = 200,
    jobs: Jobs = None,
    cluster: Cluster = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find the best use of a budget: the set of initiatives with the highest net value (customer equity gained less
    cost) among those that the budget allows, doing nothing among them; where two cannot be distinguished, the cheaper.
    And what smaller budgets would gain. Another objective may be named.

    Up to 12 initiatives every set is tried; beyond, it is a search. The figures come from simulation runs that had
    no part in the choice.
    """
    from cxmodel.archive import Archive
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.results.request import RunRequest
    from cxmodel.studies.optimisation.study import cost_of_study
    from cxmodel.studies.optimisation.study import optimise as best_use

    scenario = scenario_of(file, [], quiet)
    weigh([RunRequest(scenario, AS_IS, future, replications, seed)], jobs, quiet)
    if not quiet:
        from cxmodel.report.text.numbers import duration

        effort = cost_of_study(
            scenario, budget, maximise, future=future, replications=replications, seed=seed, jobs=jobs, trials=trials
        )
        where = "on this computer alone" if cluster else "here"
        tell(
            f"{effort.sets:,} sets of initiatives to try: {effort.runs:,} runs at most,"
            f" about {duration(effort.seconds)} {where}."
        )
    with executor_of(cluster) as executor, TerminalProgress("optimise", quiet=quiet) as progress:
        found = best_use(
            scenario,
            budget,
            maximise,
            future=future,
            replications=replications,
            seed=seed,
            executor=executor,
            jobs=jobs,
            store=Archive(),
            progress=progress,
            trials=trials,
        )
    if as_json:
        say_json(found.document())
    else:
        from cxmodel.cli.render.optimisation import optimum

        say(optimum(found))


@verbs.command(
    short_help="Simulate every combination of some values, plans and futures.",
    epilog="""\b
Examples:
  cxmodel sweep scenarios/five_levers.yaml --vary levers.culture.level=0.3,0.5,0.7 --plan all_five
  cxmodel sweep scenarios/pretty_app.yaml --vary journey.call_us.staffed.agents=2,3,4 --out agents.csv
  cxmodel sweep scenarios/pretty_app.yaml --vary levers.people.level=0.2..0.8/4 --plan both --json
  cxmodel sweep scenarios/pretty_app.yaml --sample 200 --replications 2 --cluster tcp://localhost:8786
\b
Interrupted, it goes on where it was when the same command is given again.
""",
)
def sweep(
    file: File,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=V1,V2", help="Values to try, or FIRST..LAST/COUNT; give it again for another path."),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Try each in so many assumption scenarios."),
    ] = None,
    plan: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A plan; give it again for another. [default: as_is]")
    ] = None,
    future: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="An external scenario (futures); give it again for another. [default: none]"),
    ] = None,
    replications: Annotated[int, typer.Option(min=1, metavar="N", help="Simulation runs of each case.")] = 10,
    seed: Seed = 1,
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the figures to this .csv or .parquet.")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Simulate every combination of values, plans and external scenarios in matched runs, with the figures of each.

    Each case is saved as soon as it is there. One that fails ends no other: failures are listed with their cause, and
    make the exit code 3.
    """
    from cxmodel.archive import Archive
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.cli.render.discovery import expected
    from cxmodel.results.request import RunRequest
    from cxmodel.studies import sweep as sweeping

    if not vary and sample is None and len(plan or ()) < 2 and len(future or ()) < 2:
        raise UsageError("nothing to sweep over: give --vary PATH=V1,V2, --sample N, or several plans or futures")
    if out is not None and out.suffix not in (".csv", ".parquet"):
        raise UsageError(f"--out {out}: the file ends in .csv or .parquet")
    if out is not None:
        output.ready(out, "--out")
    scenario = scenario_of(file, [], quiet)
    futures = [*future] if future else [None]
    weigh(
        [RunRequest(scenario, name, at, replications, seed) for name in plan or [AS_IS] for at in futures], jobs, quiet
    )
    varied = dict(values_of(text) for text in vary or ())
    asked: dict[str, Any] = {
        "plans": plan or [AS_IS],
        "futures": futures,
        "sample": sample,
        "replications": replications,
        "seed": seed,
        "jobs": jobs,
        "store": Archive(),
    }
    with executor_of(cluster) as executor:
        if not quiet:
            tell(expected(sweeping.cost(scenario, varied, **asked)))
        with TerminalProgress("sweep", of="case", quiet=quiet) as progress:
            found = sweeping.sweep(scenario, varied, executor=executor, progress=progress, **asked)
    if as_json:
        say_json(found.document())
    else:
        from cxmodel.cli.render.sweep import sweep as told

        say(told(found))
    if out is not None:
        table = found.table
        content = csv_of(table) if out.suffix == ".csv" else table.to_parquet(None)
        output.put(out, content, "--out")
    if found.failures:
        tell(f"{len(found.failures)} of {len(found.cases)} runs failed.")
        raise typer.Exit(FAILED)


def values_of(text: str) -> tuple[str, list[Any]]:
    """`levers.people.level=0.2,0.5` as a path and its values, each read as it would be in the file."""
    from cxmodel.scenario.yaml_text.parser import read

    path, equals, given = text.partition("=")
    if not equals or not path.strip() or not given.strip():
        raise UsageError(f"--vary {text}: write it as PATH=V1,V2, for example levers.people.level=0.2,0.5,0.8")
    if (span := SPAN.fullmatch(given)) is not None:
        first, last, count = float(span[1]), float(span[2]), int(span[3])
        if not 2 <= count <= 10_000:
            raise UsageError(f"--vary {text}: give 2 to 10,000 values from the first to the last")
        return path.strip(), [round(first + (last - first) * place / (count - 1), 10) for place in range(count)]
    document = read(f"value: [{given}]", "--vary")
    if document.faults or not isinstance(document.plain.get("value"), list):
        raise UsageError(f"--vary {text}: {given!r} are no values; put a text with signs in it in quotes")
    return path.strip(), list(document.plain["value"])
