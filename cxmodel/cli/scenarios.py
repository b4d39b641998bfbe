"""Verbs about scenarios as files: make one, say what is wrong, show, change, tell apart, bring up to date."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cxmodel.cli import output
from cxmodel.cli.options import (
    BLANKS,
    STDIN,
    UNMET,
    WRONG,
    AsJson,
    File,
    Quiet,
    change_of,
    loaded,
    quoted,
    say,
    say_json,
    tell,
    understood,
    verbs,
)
from cxmodel.errors import Problem, ScenarioError, UsageError
from cxmodel.vocabulary import AS_IS

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.scenario.journeys.company import Company

Format = Literal["text", "json", "github"]
CODES_PAGE = "docs/errors.md"
"""Where every code is explained."""


@verbs.command(
    short_help="Make a folder with a scenario to start from.",
    epilog="""\b
Examples:
  cxmodel new my_company
  cxmodel new my_company --from pretty_app      a story
  cxmodel new my_company --from utility         a template: retailer, bank, insurer, utility, telecom …
  cxmodel new my_company --workbook             the same with a spreadsheet to fill in
  cxmodel new --workbook company.xlsx           only the spreadsheet
""",
)
def new(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="The folder to make; or the spreadsheet, see below.", show_default=False),
    ],
    story: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="NAME",
            help="A story, or an industry's template such as utility, to start from. [default: a short starter]",
        ),
    ] = None,
    workbook: Annotated[
        bool,
        typer.Option(
            "--workbook", help="Write a spreadsheet (XLSX) to fill in too, which `cxmodel import` makes a scenario of."
        ),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Make a folder with a scenario to start from, its schema for your editor, and what git should know.

    Nothing that is there already is overwritten."""
    from cxmodel.scenario.starter import start, start_workbook

    if folder.suffix.lower() == ".xlsx":
        if not workbook:
            raise UsageError(f"{folder} is no name of a folder; for a spreadsheet: cxmodel new --workbook {folder}")
        start_workbook(folder, story)
        say(str(folder))
        if not quiet:
            tell(f"Next: fill it in, then\n  cxmodel import {quoted(folder)} -o {quoted(folder.with_suffix('.yaml'))}")
        return
    made = start(folder, story, workbook=workbook)
    for file in made.files:
        say(str(file))
    if not quiet:
        scenario = quoted(made.scenario)
        compared = "" if made.plan == AS_IS else f" --plan as_is --plan {made.plan}"
        tell(f"Next:\n  cxmodel validate {scenario}\n  cxmodel run {scenario}{compared}")


@verbs.command(
    "import",
    short_help="Make a scenario of a spreadsheet or a drawn journey.",
    epilog="""\b
Examples:
  cxmodel new --workbook company.xlsx           a spreadsheet to fill in
  cxmodel import company.xlsx -o company.yaml
  cxmodel import journey.mmd                    a Mermaid `journey` diagram, also one in a Markdown file
  cxmodel import journey_map.csv                a journey map: Stage, Touchpoint, Channel, Doing, Rating, Owner …
""",
)
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A workbook or a journey map (.xlsx, .csv, .tsv), or a Mermaid diagram (.mmd, .md).",
            show_default=False,
        ),
    ],
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="The scenario to write. [default: beside it, as .yaml]"),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Make a scenario of a spreadsheet, a journey map or a Mermaid journey diagram.

    What a drawing cannot say gets a default; a list tells these assumptions, first those that the answer hangs on.
    What is wrong is told by line, or by sheet and cell. A file that is there already is not overwritten."""
    from cxmodel.scenario.journeys.formats import read_file
    from cxmodel.scenario.scenario import loads

    target = to or file.with_suffix(".yaml")
    output.ready(target, "-o")
    if target.is_file():
        raise UsageError(f"-o {target}: there is a file of that name already; name another")
    imported = read_file(file)
    scenario = loads(imported.text, str(target))
    for problem in scenario.warnings if not quiet else ():
        tell(str(problem))
    output.put(target, imported.text.encode("utf-8"), "-o")
    if imported.company is None:
        if as_json:
            say_json({"scenario": str(target), "kind": imported.kind, "assumptions": []})
    elif as_json or not quiet:
        _tell_assumptions(scenario, imported.company, target, as_json=as_json, quiet=quiet)
    if not as_json:
        say(str(target))
    if not quiet:
        tell(f"Next:\n  cxmodel run {quoted(target)}")


def _tell_assumptions(scenario: Scenario, company: Company, target: Path, *, as_json: bool, quiet: bool) -> None:
    """Say what was assumed of a journey, after trying which of it the answer hangs on."""
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.cli.render import assumptions as shown
    from cxmodel.studies.defaults import weigh_defaults

    with TerminalProgress("What the answer hangs on", quiet=quiet or as_json) as progress:
        weighed = weigh_defaults(scenario, [each.path for each in company.assumptions if each.low], progress)
    if as_json:
        say_json(shown.document(str(target), company, weighed))
    else:
        tell(shown.assumptions(company, weighed, str(company.plain["horizon"])) + "\n")


@verbs.command(
    short_help="List everything that is wrong with a scenario.",
    epilog="""\b
Examples:
  cxmodel validate scenarios/*.yaml
  cxmodel validate my_scenario.yaml --format github
  cat my_scenario.yaml | cxmodel validate -      from standard input; what it extends is looked for from here
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
    """List everything that is wrong with a scenario, all at once: where, what, and what would be right.

    Warnings are shown too; only errors make the exit code 2.
    """
    from cxmodel.cli.render.problems import errors_of, listing, verdicts, workflow_commands
    from cxmodel.report.text.numbers import count

    found = {str(file): _problems(file) for file in dict.fromkeys(files)}
    if as_json or format == "json":
        say_json(verdicts(found))
    else:
        for line in workflow_commands(found) if format == "github" else listing(found, quiet):
            say(line)
    wrong = [errors for problems in found.values() if (errors := errors_of(problems))]
    if wrong and not quiet:
        tell(f"{count(sum(map(len, wrong)), 'error')} in {count(len(wrong), 'file')}.")
    if any(found.values()) and not (quiet or as_json or format != "text"):
        tell(f"What each code means and what to do: {CODES_PAGE}")
    if wrong:
        raise typer.Exit(WRONG)


def _problems(file: Path) -> tuple[Problem, ...]:
    """Everything wrong or odd in a file, or in standard input."""
    try:
        return loaded(file).warnings
    except ScenarioError as error:
        return error.problems


@verbs.command(
    short_help="Show a whole scenario, or where a value of it comes from.",
    epilog="""\b
Examples:
  cxmodel show my_branch.yaml
  cxmodel show my_branch.yaml --resolved > whole.yaml
  cxmodel show my_branch.yaml --origin levers.people.level
  git show HEAD~5:my_branch.yaml | cxmodel show -
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

    The file that is printed has the same meaning and the same hash; comments are lost.
    """
    from cxmodel.cli.render import scenario as shown

    if resolved and origin is None and not as_json and str(file) != STDIN:
        say(shown.resolved(file).removesuffix("\n"))
        return
    scenario = loaded(file)
    if origin is not None:
        found = scenario.origins(origin)
        if as_json:
            say_json({"path": origin, "origins": [shown.origin_document(one) for one in found]})
        for line in () if as_json else shown.origin_lines(origin, found):
            say(line)
    elif as_json:
        say_json(shown.document(scenario))
    else:
        say(scenario.to_yaml().removesuffix("\n"))
        if not quiet and not resolved:
            tell(shown.summary(scenario))


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
    from cxmodel.scenario.editing.save import said, save
    from cxmodel.scenario.yaml_text.paths import REMOVE

    if not values and not remove:
        raise UsageError("nothing to set: say PATH=VALUE, for example levers.people.level=0.8, or --remove PATH")
    currency = _currency(file) if values else None
    edits = [*((path.strip(), REMOVE) for path in remove or ()), *(_spelled(text, currency) for text in values or ())]
    saved = save(file, edits, write=not dry_run)
    for change in saved.changes:
        say(said(change))
    if quiet:
        return
    for note in (*saved.notes, *(f"{odd}\n" for odd in saved.warnings)):
        tell(note)
    if not saved.changes:
        tell(f"{file} says so already: nothing changed.")
    elif dry_run:
        tell("Nothing was written (--dry-run).")


def _currency(file: Path) -> str | None:
    """The currency of a file, which need not be valid yet."""
    from cxmodel.scenario.files import text_of
    from cxmodel.scenario.yaml_text.layers import gather

    currency = gather(text_of(file), str(file), file).plain.get("currency")
    return currency if isinstance(currency, str) else None


def _spelled(text: str, currency: str | None) -> tuple[str, Any]:
    """`levers.people.level=0.80` as a path, and the value with the way it was written."""
    from cxmodel.scenario.yaml_text.writer import Spelled

    path, value = change_of(text, "")
    value, spelling = understood(path, value, currency, "")
    return path, Spelled(value, spelling or text.partition("=")[2].strip(BLANKS))


@verbs.command(
    short_help="Show what differs between two scenarios, in words and units.",
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
    """Show what differs between two scenarios by what they mean, in words and units.

    Another spelling of the same, such as 12 per month for 144 per year, is no difference, nor is a comment.
    """
    from cxmodel.scenario.describe.git_diff import Call, compare, listing, rows_as_plain

    if len(files) in (7, 9):
        for line in Call.of(files).lines():
            say(line)
        return
    if len(files) == 1 and "GIT_DIFF_PATH_TOTAL" in os.environ:
        say(f"{files[0]}: both sides changed it, and they are not merged yet")
        return
    if len(files) != 2:
        raise UsageError("name two scenarios to compare: cxmodel diff base.yaml bolder.yaml")
    rows = compare(Path(files[0]), Path(files[1]))
    if as_json:
        say_json(rows_as_plain(rows))
    else:
        for line in listing(rows):
            say(line)


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
    from cxmodel.scenario.editing.migration import migrated, problems, said
    from cxmodel.scenario.editing.save import exchange
    from cxmodel.scenario.files import text_of

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
            say(said(file, done, check))
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

    say_json(json_schema())
