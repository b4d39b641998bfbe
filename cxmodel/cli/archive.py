"""Verbs about runs that are kept: tell one as a report, draw one as a map, list them, play one again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cxmodel.cli.options import UNMET, AsJson, Jobs, Quiet, say, say_json, scenario_of, tell, verbs
from cxmodel.errors import ArchiveError, UsageError
from cxmodel.vocabulary import EVERYONE


@verbs.command(
    short_help="Make a report of a saved run: page, slides, workbook or ZIP.",
    epilog="""\b
Examples:
  cxmodel report scenarios/pretty_app.yaml -o report.html       its latest run, as a page that opens offline
  cxmodel report scenarios/pretty_app.yaml --plan both -o board.pptx
  cxmodel report scenarios/pretty_app.yaml --run 1f3a9c22       another of its runs
  cxmodel report scenarios/two_retailers.yaml --segment bargain_hunters
  cxmodel report 1f3a9c22 -o figures.xlsx                       a run by its id, see `cxmodel runs`
  cxmodel report scenarios/pretty_app.yaml -o brief.html --section answer --section journey
""",
)
def report(
    run_or_file: Annotated[
        str, typer.Argument(metavar="RUN_OR_FILE", help="A run's id, or a scenario file.", show_default=False)
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Ends in .html, .pptx, .xlsx or .zip.")
    ] = Path("report.html"),
    plan: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Of a file: its latest run under this plan. [default: under any]"),
    ] = None,
    run: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Of a file: this run of it, see `cxmodel runs FILE`. [default: the latest]"),
    ] = None,
    segment: Annotated[
        str, typer.Option(metavar="NAME", help="Of this segment only. [default: all customers]", show_default=False)
    ] = EVERYONE,
    section: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this section; give it again for another. [default: all]"),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Make a report of a saved run: answer, customer journey, key figures, causes, priorities for improvement,
    confidence, and how to reproduce it. Nothing is simulated: of a file it takes the run that was made last, and says
    which one that is; a run that is given once more is not saved again, and keeps its time.
    """
    from cxmodel.archive import Archive
    from cxmodel.cli import report as telling
    from cxmodel.cli.output import ready

    telling.writer_of(output)
    ready(output, "--output")
    archive = Archive()
    chosen = telling.chosen(archive, run_or_file, plan, run)
    told = telling.account(archive, chosen.id).of_segment(segment)
    if not quiet:
        tell(chosen.words)
    telling.write(told, output, section)
    if as_json:
        say_json({"file": str(output), "run": chosen.id, "plan": told.result.plan, "question": told.question})
    else:
        say(str(output))
        if told.explained is None and not told.note and not quiet:
            tell(
                f"Priorities for improvement are not in it: `cxmodel explain {told.file}` works them out and "
                f"saves them."
            )


@verbs.command(
    "map",
    short_help="Draw a journey map, strategy canvas or value map.",
    epilog="""\b
Examples:
  cxmodel map scenarios/kit_car_insurance.yaml -o map.svg       the journey map of its latest run
  cxmodel map scenarios/kit_car_insurance.yaml --plan a_good_goodbye -o map.pptx
  cxmodel map scenarios/kit_car_insurance.yaml --plan a_good_goodbye --show today -o today.png
  cxmodel map scenarios/two_retailers.yaml --which value_map -o value.html
  cxmodel map scenarios/two_retailers.yaml --segment bargain_hunters --which strategy_canvas
  cxmodel map 1f3a9c22 --which organisation -o organisation.html    of a run by its id, see `cxmodel runs`
""",
)
def map_(
    run_or_file: Annotated[
        str, typer.Argument(metavar="FILE", help="A scenario file, or a run's id.", show_default=False)
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Ends in .svg, .png, .html or .pptx.")
    ] = Path("map.svg"),
    plan: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Its latest run under this plan. [default: under any]"),
    ] = None,
    segment: Annotated[
        str, typer.Option(metavar="NAME", help="Of this segment only. [default: all customers]", show_default=False)
    ] = EVERYONE,
    which: Annotated[
        str, typer.Option(metavar="MAP", help="journey_map, strategy_canvas, value_map or organisation.")
    ] = "journey_map",
    show: Annotated[
        str, typer.Option(metavar="WHAT", help="today, plan, or both: the plan with today behind it.")
    ] = "both",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Draw a map of a company. The journey map has touchpoints by phase: what customers do, feel and experience, and
    behind the line of visibility who answers for it, who sees it, why it falls short and what is planned. The strategy
    canvas and the value map show the proposition beside rivals; organisation, what each touchpoint rests on.

    It tells the latest saved run of the file, and says which one. Where there is none, today and the plan are simulated
    as `cxmodel run` would, and saved. Value at stake is on it once `cxmodel explain` has worked it out.
    """
    from cxmodel.archive import Archive
    from cxmodel.cli import maps
    from cxmodel.cli.options import Keeper
    from cxmodel.cli.output import put, ready

    write, name, view = maps.writer_of(output), maps.which_of(which), maps.view_of(show)
    ready(output, "--output")
    archive, keeper = Archive(), Keeper()
    seen = maps.found(archive, run_or_file, plan, quiet, keeper)
    told = maps.told(archive, seen, segment, view)
    if not quiet:
        tell(seen.words)
    put(output, write(name, told), "--output")
    if as_json:
        say_json({"file": str(output), "map": name, "run": seen.run, "plan": seen.result.plan, "segment": segment})
    else:
        say(str(output))
    keeper.end()


@verbs.command(
    short_help="List saved runs, the newest first.",
    epilog="""\b
Examples:
  cxmodel runs
  cxmodel runs scenarios/pretty_app.yaml
  cxmodel runs --limit 5 --json
""",
)
def runs(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Only the runs of this scenario. [default: all]", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 20,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """List saved runs, the newest first. Every `cxmodel run` saves its runs.

    They are in the folder that CXMODEL_ARCHIVE names, else in .cxmodel at the top of the workspace.
    """
    from cxmodel.archive import Archive
    from cxmodel.cli.render import archive as kept

    archive, scenario = Archive(), None if file is None else scenario_of(file, [], quiet=True)
    found = archive.find() if file is None or scenario is None else archive.of_file(file, scenario)
    shown = found[:limit]
    if as_json:
        documents = [kept.plain(run) for run in shown]
        say_json({"archive": str(archive.folder), "runs": documents})
    elif shown:
        short = {run.id: archive.short(run.id) for run in shown}
        say(kept.listing(shown, short, scenario.hash if scenario else None))
    if not quiet and not shown:
        tell(f"No run{f' of {file}' if file else ''} is saved in {archive.folder} yet: cxmodel run {file or 'FILE'}")
    elif not quiet and len(found) > len(shown):
        tell(f"{len(found) - len(shown)} older ones are not shown; --limit {len(found)} shows all.")


@verbs.command(
    short_help="Run a saved run again: same bits? Does the reference agree?",
    epilog="""\b
Examples:
  cxmodel verify 3f2a91c0
  cxmodel verify latest --json
  cxmodel verify latest --reference                 beside the same model as plain SimPy
  cxmodel verify 3f2a91c0 --reference --replications 8
\b
The id is the one that `cxmodel runs` lists; its first signs do, where no other begins so.
""",
)
def verify(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The id of a saved run.", show_default=False)],
    reference: Annotated[
        bool, typer.Option("--reference", help="Play the reference beside it: do they agree within chance?")
    ] = False,
    replications: Annotated[
        int | None,
        typer.Option(
            min=2, metavar="N", help="How many the reference plays. [default: as many as take a minute or two]"
        ),
    ] = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run a saved run again and compare every figure bit for bit; or compare it with the reference.

    The reference is the same model as plain SimPy, one process per customer, with random numbers of its own. Every
    key figure is compared; where both are right, one run in a hundred is said to differ. The exit code is 0 where all
    is the same, or agrees, and 1 where it does not or where files are damaged.
    """
    if reference:
        _agree(run, replications, as_json, quiet)
        return
    if replications is not None:
        raise UsageError("--replications goes with --reference: a run is otherwise run again as often as it was saved")
    from cxmodel.archive import Archive
    from cxmodel.archive.verification import verify as verified
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.cli.render import archive as kept

    archive = Archive()
    id = archive.whole_id(run)
    with TerminalProgress(archive.short(id), quiet=quiet) as progress:
        found = verified(archive, id, jobs, progress)
    if as_json:
        say_json(kept.verification(found))
    elif found.verdict == "damaged":
        say(kept.damaged(found, archive.short(id)))
    else:
        for line in kept.verified(found, archive.manifest(id), archive.short(id)):
            say(line)
    if found.verdict != "same":
        raise typer.Exit(UNMET)


def _agree(run: str, replications: int | None, as_json: bool, quiet: bool) -> None:
    """Play the reference beside a kept run, and say whether they agree."""
    from cxmodel.archive import Archive
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.cli.render import archive as kept
    from cxmodel.report.text.numbers import count, duration
    from cxmodel.simulation.agreement import agreement, beside, planned

    archive = Archive()
    id = archive.whole_id(run)
    if damaged := archive.damage(id):
        raise ArchiveError(f"run {archive.short(id)} is damaged ({', '.join(damaged)}); run it again first")
    fast = archive.open(id)
    number, need = planned(fast, replications)
    if not quiet:
        played = f"about {duration(need)} for {count(number, 'simulation run')}"
        tell(f"The reference simulates one customer after the other: {played}.")
    with TerminalProgress("reference", quiet=quiet) as progress:
        slow = beside(fast, number, progress)
    found = agreement(fast, slow)
    if as_json:
        say_json(kept.agreement(id, fast, slow, found))
    else:
        for line in kept.agreed(archive.short(id), fast, slow, found):
            say(line)
    if any(figure.agrees is False for figure in found):
        raise typer.Exit(UNMET)
