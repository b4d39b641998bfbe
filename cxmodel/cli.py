"""The command line: one verb is one call and one table. Knows no model and computes nothing.

Data goes to stdout, progress and messages to stderr. Exit codes: 0 fine, 1 a check failed, 2 wrong usage
or an invalid scenario, 3 a run failed, 130 cancelled. Heavy imports wait for the verb that needs them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cxmodel.errors import ArchiveError, CxModelError, ScenarioError, UsageError

if TYPE_CHECKING:
    from cxmodel.errors import Problem
    from cxmodel.results import Result
    from cxmodel.scenario import Scenario

OK, UNMET, WRONG, FAILED, CANCELLED = 0, 1, 2, 3, 130
REPLICATIONS = 30

verbs = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The scenario, a YAML file.", show_default=False)]
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same numbers.")]
Jobs = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="How many processes work at once. [default: one per core]")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Format = Literal["text", "json", "github"]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no warnings, only the answer.")]


class ReaderGone(Exception):
    """The reader of stdout has seen enough (`| head`). Not an OSError, which typer would call a failure."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code; whatever goes wrong is told on stderr, in words."""
    try:
        code = _answer(arguments)
        if code == CANCELLED and threading.active_count() > 1:
            # a thread may still listen to a worker that was ended in the middle of its answer
            sys.stdout.flush()
            os._exit(code)
        return code
    except ReaderGone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter flushes once more
        return OK


def _answer(arguments: Sequence[str] | None) -> int:
    try:
        verbs(args=arguments, prog_name="cxmodel")
    except SystemExit as end:
        if end.code == CANCELLED:
            _tell("Cancelled.")
        return end.code if isinstance(end.code, int) else OK
    except KeyboardInterrupt:
        _tell("Cancelled.")
        return CANCELLED
    except ReaderGone:
        raise
    except (ArchiveError, ScenarioError, UsageError) as error:
        _tell("\n".join([str(error), *getattr(error, "__notes__", ())]))
        return WRONG
    except CxModelError as error:
        _tell(f"The run failed: {error}")
        return FAILED
    except Exception:
        traceback.print_exc()
        _tell("This is a fault in cxmodel, not in your scenario. Please report it with the lines above.")
        return FAILED
    return OK


def _version(wanted: bool) -> None:
    if wanted:
        import cxmodel

        print(f"cxmodel {cxmodel.__version__}")
        raise typer.Exit


@verbs.callback(
    epilog="""\b
Examples:
  cxmodel app                                 open the workbench in the browser
  cxmodel run scenarios/pretty_app.yaml       what would customers make of it?
  cxmodel run --help                          more about one command
"""
)
def cxmodel(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Write a customer experience strategy down as a scenario, run it, and see what customers would
    make of it: where expectation and experience part, who stays, who recommends, and what it is worth."""


@verbs.command(
    short_help="Make a folder with a scenario to start from.",
    epilog="""\b
Examples:
  cxmodel new my_company
  cxmodel new my_company --from pretty_app
""",
)
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.", show_default=False)],
    story: Annotated[
        str | None,
        typer.Option("--from", metavar="STORY", help="A bundled story to start from. [default: a short starter]"),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Make a folder with a scenario to start from, its schema for your editor, and what git should know.

    Nothing that is there already is overwritten."""
    import shlex

    from cxmodel.scenario.workspace import start

    made = start(folder, story)
    for file in made.files:
        _print(str(file))
    if not quiet:
        scenario = shlex.quote(str(made.scenario))
        compared = "" if made.plan == "as_is" else f" --plan as_is --plan {made.plan}"
        _tell(f"Next:\n  cxmodel validate {scenario}\n  cxmodel run {scenario}{compared}")


@verbs.command(
    short_help="Play a scenario and tell what customers would make of it.",
    epilog="""\b
Examples:
  cxmodel run scenarios/pretty_app.yaml
  cxmodel run scenarios/pretty_app.yaml --plan as_is --plan fix_the_wait --json
  cxmodel run scenarios/pretty_app.yaml --set levers.people.level=0.8
  cxmodel run scenarios/pretty_app.yaml --replications 60 --seed 7 --out results
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
        typer.Option(
            min=1, metavar="N", help="How many times to play it; more gives narrower intervals. [default: 30]"
        ),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(metavar="P%", help="Or play until the headline is known to P points, or P % of the money."),
    ] = None,
    seed: Seed = 1,
    future: Annotated[str | None, typer.Option(metavar="NAME", help="Play it in this future of the scenario.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value of the scenario for this run."),
    ] = None,
    jobs: Jobs = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the tables and a manifest to this folder."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Play a scenario and tell what customers would make of it, with an interval on every figure."""
    from cxmodel.terminal import summary

    scenario = _scenario(file, set_ or [], quiet)
    plans = list(dict.fromkeys(plan or ["as_is"]))
    options: dict[str, Any] = {"seed": seed, "future": future, "jobs": jobs}
    if aim := _precision(precision, replications):
        options["precision"] = aim
    else:
        options["replications"] = replications or REPLICATIONS
    began = time.monotonic()
    results = _simulate(scenario, plans, quiet, **options)
    kept = _keep(results, time.monotonic() - began, quiet)
    if out is not None:
        _save(results, out)
    if as_json:
        documents = [{"run": id, **result.document()} for id, result in zip(kept, results, strict=True)]
        _print_json(documents[0] if len(documents) == 1 else {"plans": documents})
    else:
        _print(summary(results))


def _simulate(scenario: Scenario, plans: list[str], quiet: bool, **options: Any) -> list[Result]:
    """One result per plan; an unknown plan is told before the first run, not after it."""
    from cxmodel.contrast import precise
    from cxmodel.precision import simulate_precisely
    from cxmodel.results import simulate
    from cxmodel.terminal import Progress

    for name in plans:
        scenario.initiatives_of(name)
    results: list[Result] = []
    for number, name in enumerate(plans, start=1):
        with Progress(name, number, len(plans), quiet) as progress:
            if "precision" in options:
                result, came = simulate_precisely(scenario, name, progress=progress, **options)
            else:
                result, came = simulate(scenario, name, progress=progress, **options), None
        results.append(result)
        if came is not None and not quiet:
            _tell(f"{name}: {precise(came)}")
    return results


def _keep(results: list[Result], seconds: float, quiet: bool) -> list[str | None]:
    """The ids under which results are kept, and with each what its return was told against; None where it is not."""
    from cxmodel.archive import Archive

    try:
        return [*Archive().keep_all(results, seconds)]
    except ArchiveError as error:
        if not quiet:
            _tell(f"This run was not kept: {error}. CXMODEL_ARCHIVE=DIR names another folder.")
        return [None] * len(results)


def _precision(text: str | None, replications: int | None) -> float | None:
    """The precision asked for, in place of a number of replications."""
    from cxmodel.precision import share_of

    if text is not None and replications is not None:
        raise UsageError("give --replications or --precision, not both")
    return None if text is None else share_of(text)


def _scenario(file: Path, changes: list[str], quiet: bool) -> Scenario:
    """The scenario of a file with the changes of the command line; stderr says how many warnings it has."""
    from cxmodel.scenario import load
    from cxmodel.terminal import count

    scenario = load(file)
    if changes:
        scenario = scenario.with_changes(dict(_change(text) for text in changes))
    if scenario.warnings and not quiet:
        _tell(f"{count(len(scenario.warnings), 'warning')}; to read more: cxmodel validate {file}")
    return scenario


def _change(text: str, option: str = "--set ") -> tuple[str, Any]:
    """`levers.people.level=0.8` as a path and a value, the value read as it would be in the file."""
    from cxmodel.scenario.reading import read

    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise UsageError(f"{option}{text}: write it as PATH=VALUE, for example {option}levers.people.level=0.8")
    document = read(f"value: {value.strip()}", "--set")
    if document.faults or "value" not in document.plain:
        raise UsageError(f"{option}{text}: {value!r} is not a value; put a text with signs in it in quotes")
    return path.strip(), document.plain["value"]


def _save(results: list[Result], folder: Path) -> None:
    """Every result's tables: in the folder itself, or in one folder per plan."""
    try:
        for result in results:
            result.save(folder if len(results) == 1 else folder / result.plan)
    except OSError as error:
        raise UsageError(f"--out {folder}: {error.strerror or error}") from None


@verbs.command(
    short_help="Say everything that is wrong with a scenario.",
    epilog="""\b
Examples:
  cxmodel validate scenarios/*.yaml
  cxmodel validate my_scenario.yaml --format github
""",
)
def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="One or more scenarios.", show_default=False)],
    format: Annotated[
        Format,
        typer.Option(help="text to read, json for a script, github to mark the lines of a pull request."),
    ] = "text",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say everything that is wrong with a scenario, all at once: where, what, and what would be right.

    Warnings are shown too; only errors make the exit code 2."""
    from cxmodel import scenario
    from cxmodel.terminal import count, errors_of, listing, verdicts, workflow_commands

    found = {str(file): scenario.validate(file) for file in files}
    if as_json or format == "json":
        _print_json(verdicts(found))
    else:
        for line in workflow_commands(found) if format == "github" else listing(found, quiet):
            _print(line)
    wrong = [errors for problems in found.values() if (errors := errors_of(problems))]
    if wrong:
        if not quiet:
            _tell(f"{count(sum(map(len, wrong)), 'error')} in {count(len(wrong), 'file')}.")
        raise typer.Exit(WRONG)


@verbs.command(
    short_help="Show a whole scenario, or where a value of it comes from.",
    epilog="""\b
Examples:
  cxmodel show my_branch.yaml
  cxmodel show my_branch.yaml --resolved > whole.yaml
  cxmodel show my_branch.yaml --origin levers.people.level
""",
)
def show(
    file: File,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Only the scenario as one file without layers, for a script or for git.")
    ] = False,
    origin: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="Where a value comes from (file, line, layer); of a part, all in it."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show a scenario with all that it extends as one file: what counts, as it was written.

    The file that is printed has the same meaning and the same hash; comments are lost."""
    from cxmodel import shown
    from cxmodel.scenario import load

    if resolved and origin is None and not as_json:
        _print(shown.resolved(file).removesuffix("\n"))
        return
    scenario = load(file)
    if origin is not None:
        found = scenario.origins(origin)
        if as_json:
            _print_json({"path": origin, "origins": [shown.origin_document(one) for one in found]})
        for line in () if as_json else shown.origin_lines(origin, found):
            _print(line)
    elif as_json:
        _print_json(shown.document(scenario))
    else:
        _print(scenario.to_yaml().removesuffix("\n"))
        if not quiet:
            _tell(shown.summary(scenario))


@verbs.command(
    name="set",
    short_help="Change values of a scenario file, and nothing else in it.",
    epilog="""\b
Examples:
  cxmodel set my_scenario.yaml levers.people.level=0.8
  cxmodel set my_scenario.yaml "segments.families.leave=1.5 % per month" horizon="36 months"
  cxmodel set my_scenario.yaml 'initiatives.train.changes.levers.people.level="+0.1"'
  cxmodel set my_scenario.yaml --remove journey.goodbye --dry-run
\b
A value is written as in the file; one with blanks or signs goes in quotes, for the shell.
The entries of a list are counted from 0: expect.0.by=2; the next free number appends.
""",
)
def set_values(
    file: File,
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH=VALUE", help="What to set, such as levers.people.level=0.8.", show_default=False),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="What to remove, before anything is set; give it again for another."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change and write nothing.")] = False,
    quiet: Quiet = False,
) -> None:
    """Change values of a scenario file. Comments, order and everything else in it stay as they are.

    A change that would make the scenario invalid is refused, and the file stays as it was."""
    from cxmodel.scenario.saving import said, save
    from cxmodel.scenario.walks import REMOVE

    if not values and not remove:
        raise UsageError("nothing to set: say PATH=VALUE, for example levers.people.level=0.8, or --remove PATH")
    edits = [*((path.strip(), REMOVE) for path in remove or ()), *(_spelled(text) for text in values or ())]
    saved = save(file, edits, write=not dry_run)
    for change in saved.changes:
        _print(said(change))
    if quiet:
        return
    for note in (*saved.notes, *(f"{odd}\n" for odd in saved.warnings)):
        _tell(note)
    if not saved.changes:
        _tell(f"{file} says so already: nothing changed.")
    elif dry_run:
        _tell("Nothing was written (--dry-run).")


def _spelled(text: str) -> tuple[str, Any]:
    """`levers.people.level=0.80` as a path, and the value with the way it was written."""
    from cxmodel.scenario.spelling import Spelled

    path, value = _change(text, "")
    return path, Spelled(value, text.partition("=")[2].strip())


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
        typer.Option(min=1, metavar="N", help="How many times to play each plan; more leaves less open."),
    ] = 60,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same verdicts.")] = 1,
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Check what a scenario expects of its results, in its `expect:` block.

    A check passes where the whole interval lies on the right side, fails where all of it lies on the
    wrong side, and is inconclusive where the interval holds the line. Only a failed one makes the exit code 1."""
    from cxmodel import checklist
    from cxmodel.checks import check as checks_of
    from cxmodel.terminal import Progress, count

    if junit is not None and not junit.absolute().parent.is_dir():
        raise UsageError(f"--junit {junit}: there is no folder {junit.parent}")
    checked: list[checklist.Checked] = []
    scenarios = _scenarios(files, quiet)
    for number, (file, scenario) in enumerate(scenarios.items(), start=1):
        with Progress(file, number, len(scenarios), quiet) as progress:
            rows = checks_of(scenario, replications, seed, jobs, progress)
        checked.append(checklist.Checked(file, scenario, rows))
    if junit is not None:
        _write(junit, checklist.junit(checked))
    if as_json:
        _print_json(checklist.document(checked, replications, seed))
    else:
        for line in checklist.lines(checked):
            _print(line)
    found = checklist.counts(checked)
    if not quiet and any(found.values()):
        played = f"{count(replications, 'replication')}, seed {seed}"
        _tell(f"{found['pass']} passed, {found['fail']} failed, {found['inconclusive']} inconclusive; {played}.")
    if found["fail"]:
        raise typer.Exit(UNMET)


def _scenarios(files: list[Path], quiet: bool) -> dict[str, Scenario]:
    """The scenarios of files by name; all that is wrong with any of them is told before the first run."""
    found: dict[str, Scenario] = {}
    wrong: list[Problem] = []
    for file in files:
        try:
            found[str(file)] = _scenario(file, [], quiet)
        except ScenarioError as error:
            wrong += error.problems
    if wrong:
        raise ScenarioError(wrong)
    return found


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise UsageError(f"--junit {file}: {error.strerror or error}") from None


@verbs.command(
    short_help="Say what plans change, with an interval and an honest verdict.",
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
        typer.Option(metavar="NAME", help="Compare in this future of the scenario; give it again for another."),
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="How many times to play each; more gives narrower intervals. [default: 30]"
        ),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(metavar="P%", help="Or play until differences are known to P points, or P % of the money."),
    ] = None,
    seed: Seed = 1,
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say what plans change against as is: each difference with its interval, and whether it shows.

    Both sides of a comparison have the same luck, so that far fewer replications tell them apart. The exit
    code is 0 whatever is found."""
    from cxmodel.studies.comparison import compare as differences
    from cxmodel.terminal import Progress

    aim = _precision(precision, replications)
    scenarios = list(_scenarios(files, quiet).values())
    began = time.monotonic()
    with Progress("compare", quiet=quiet) as progress:
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
    _keep(list(found.results.values()), time.monotonic() - began, quiet)
    if as_json:
        _print_json(found.document())
    else:
        from cxmodel.contrast import comparison

        _print(comparison(found))


@verbs.command(
    short_help="Say why: what is missed, where contacts begin, what to mend first.",
    epilog="""\b
Examples:
  cxmodel explain scenarios/pretty_app.yaml
  cxmodel explain scenarios/pretty_app.yaml --plan both
  cxmodel explain scenarios/pretty_app.yaml --json
""",
)
def explain(
    file: File,
    plan: Annotated[str, typer.Option(metavar="NAME", help="The plan to explain.")] = "as_is",
    future: Annotated[str | None, typer.Option(metavar="NAME", help="Explain it in this future.")] = None,
    replications: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="How many times to play each; more gives narrower intervals."),
    ] = 30,
    seed: Seed = 1,
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say why results are as they are: of what is missed, how much we don't know, decide or do, and how
    much we say too much; where contacts begin; what to mend first; what each initiative contributes.

    What to mend first is tried out: each touchpoint is lifted in turn to what customers need, with the same
    luck. That is a run for each touchpoint, and for each set of the plan's initiatives."""
    from cxmodel.studies.explanation import explain as reasons
    from cxmodel.terminal import Progress

    scenario = _scenario(file, [], quiet)
    began = time.monotonic()
    with Progress("explain", quiet=quiet) as progress:
        found = reasons(
            scenario, plan, future=future, replications=replications, seed=seed, jobs=jobs, progress=progress
        )
    if _keep([found.result], time.monotonic() - began, quiet) != [None]:
        from cxmodel.archive import Archive
        from cxmodel.telling import keep_explanation

        keep_explanation(Archive(), found.result, found.document())
    if as_json:
        _print_json(found.document())
    else:
        from cxmodel.reasons import explanation

        _print(explanation(found))


@verbs.command(
    short_help="Tell a kept run as a report: a page, slides, a workbook or a ZIP.",
    epilog="""\b
Examples:
  cxmodel report scenarios/pretty_app.yaml -o report.html       its latest run, as a page that opens offline
  cxmodel report scenarios/pretty_app.yaml --plan both -o board.pptx
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
    section: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this section; give it again for another. [default: all]"),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell a run that was kept as a report: question, answer, journey, figures, why, what to mend, how far to
    trust it, and how to make it again. Nothing is played: of a file it takes the latest run."""
    from cxmodel import telling
    from cxmodel.archive import Archive

    telling.writer_of(output)
    archive = Archive()
    told = telling.account(archive, run_or_file, plan)
    telling.write(told, output, section)
    if as_json:
        run = archive.id_of(told.result)
        _print_json({"file": str(output), "run": run, "plan": told.result.plan, "question": told.question})
    else:
        _print(str(output))
        if told.explained is None and not quiet:
            _tell(f"What to mend first is not in it: `cxmodel explain {told.file}` works it out and keeps it.")


@verbs.command(
    short_help="Say what differs between two scenarios, in words and units.",
    epilog="""\b
Examples:
  cxmodel diff base.yaml bolder.yaml
  cxmodel diff base.yaml bolder.yaml --json
  git config diff.cxmodel.command "cxmodel diff"    then git diff says it in words too
\b
docs/git.md tells what else git needs to know.
""",
)
def diff(
    files: Annotated[list[str], typer.Argument(metavar="A B", help="Two scenarios, YAML files.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Say what differs between two scenarios by what they mean, in words and units.

    Another spelling of the same, such as 12 per month for 144 per year, is no difference, nor is a comment."""
    from cxmodel.scenario.versions import Call, compare, listing, rows_as_plain

    if len(files) in (7, 9):
        for line in Call.of(files).lines():
            _print(line)
        return
    if len(files) == 1 and "GIT_DIFF_PATH_TOTAL" in os.environ:
        _print(f"{files[0]}: both sides changed it, and they are not merged yet")
        return
    if len(files) != 2:
        raise UsageError("name two scenarios to compare: cxmodel diff base.yaml bolder.yaml")
    rows = compare(Path(files[0]), Path(files[1]))
    if as_json:
        _print_json(rows_as_plain(rows))
    else:
        for line in listing(rows):
            _print(line)


@verbs.command(
    short_help="Bring scenarios up to the newest version of the language.",
    epilog="""\b
Examples:
  cxmodel migrate scenarios/*.yaml
  cxmodel migrate scenarios/*.yaml --check    for a build server: says what is out of date, writes nothing
""",
)
def migrate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="One or more scenarios.", show_default=False)],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 if a file is out of date.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Bring scenarios up to the newest version of the language. Comments, order and layout stay.

    Nothing is written if one of the files cannot be brought up."""
    from cxmodel.scenario.files import text_of
    from cxmodel.scenario.migrating import migrated, problems, said
    from cxmodel.scenario.saving import exchange

    texts = {str(file): text_of(file) for file in files}
    if wrong := tuple(problems(texts)):
        raise ScenarioError(wrong)
    stale = 0
    for file, text in texts.items():
        done = migrated(text, file)
        stale += bool(done.steps)
        if done.steps and not check:
            exchange(Path(file), text, done.text)
        if done.steps or not quiet:
            _print(said(file, done, check))
    if check and stale:
        raise typer.Exit(UNMET)


@verbs.command(
    short_help="Print the JSON Schema of a scenario, for an editor.",
    epilog="""\b
Example:
  cxmodel schema > scenario.schema.json
\b
An editor that knows YAML then completes and checks a scenario that begins with
  # yaml-language-server: $schema=scenario.schema.json
""",
)
def schema() -> None:
    """Print the JSON Schema of a scenario, so that an editor can complete and check while you write."""
    from cxmodel.scenario import json_schema

    _print_json(json_schema())


@verbs.command(
    short_help="List the runs that are kept, the newest first.",
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
    """List the runs that are kept, the newest first. Every `cxmodel run` keeps its runs.

    They are in the folder that CXMODEL_ARCHIVE names, else in .cxmodel at the top of the workspace."""
    from cxmodel import fingerprint, kept
    from cxmodel.archive import Archive

    archive, scenario = Archive(), None if file is None else _scenario(file, [], quiet=True)
    found = archive.find() if file is None or scenario is None else archive.of_file(file, scenario)
    shown = found[:limit]
    if as_json:
        documents = [kept.plain(run, fingerprint.model()) for run in shown]
        _print_json({"archive": str(archive.folder), "runs": documents})
    elif shown:
        short = {run.id: archive.short(run.id) for run in shown}
        _print(kept.listing(shown, short, fingerprint.model(), scenario.hash if scenario else None))
    if not quiet and not shown:
        _tell(f"No run{f' of {file}' if file else ''} is kept in {archive.folder} yet: cxmodel run {file or 'FILE'}")
    elif not quiet and len(found) > len(shown):
        _tell(f"{len(found) - len(shown)} older ones are not shown; --limit {len(found)} shows all.")


@verbs.command(
    short_help="Play a kept run again: is it still the same, bit for bit?",
    epilog="""\b
Examples:
  cxmodel verify 3f2a91c0
  cxmodel verify latest --json
\b
The id is the one that `cxmodel runs` lists; its first signs do, where no other begins so.
""",
)
def verify(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The id of a kept run.", show_default=False)],
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Play a kept run again and compare every figure bit for bit.

    The exit code is 0 where it is the same, 1 where it is not or where its files are damaged."""
    from cxmodel import kept
    from cxmodel.archive import Archive
    from cxmodel.archive.verifying import verify as verified
    from cxmodel.terminal import Progress

    archive = Archive()
    id = archive.whole_id(run)
    with Progress(archive.short(id), quiet=quiet) as progress:
        found = verified(archive, id, jobs, progress)
    if as_json:
        _print_json(kept.verification(found))
    elif found.verdict == "damaged":
        _print(kept.damaged(found, archive.short(id)))
    else:
        for line in kept.verified(found, archive.manifest(id), archive.short(id)):
            _print(line)
    if found.verdict != "same":
        raise typer.Exit(UNMET)


@verbs.command(
    epilog="""\b
Examples:
  cxmodel app
  cxmodel app my_scenarios --port 8600
"""
)
def app(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="The folder to work in. [default: this one]", show_default=False),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, metavar="N", help="The port to listen on. [default: 8501]")
    ] = None,
    headless: Annotated[bool, typer.Option("--headless", help="Do not open a browser window.")] = False,
) -> None:
    """Open the workbench in the browser. It answers to this computer only; Ctrl-C stops it."""
    from cxmodel.serving import environment, page_command

    command = page_command(port=port, headless=headless)
    surroundings = environment(folder)
    if os.name == "posix":
        sys.stderr.flush()
        os.execve(command[0], command, surroundings)  # one process: signals reach the server itself
    raise typer.Exit(subprocess.call(command, env=surroundings))


def _print_json(document: Any) -> None:
    _print(json.dumps(document, indent=2, allow_nan=False))


def _print(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise ReaderGone from None


def _tell(message: str) -> None:
    print(message, file=sys.stderr)
