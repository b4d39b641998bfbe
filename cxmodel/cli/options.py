"""What the verbs share: their options, how they read scenarios, and how they answer. Knows no verb.

Data goes to stdout, progress and messages to stderr.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxmodel.cli.values import Verbs
from cxmodel.errors import ArchiveError, ScenarioError, UsageError

if TYPE_CHECKING:
    from cxmodel.errors import Problem
    from cxmodel.results.request import RunRequest
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario

OK, UNMET, WRONG, FAILED, CANCELLED = 0, 1, 2, 3, 130
REPLICATIONS = 30
BLANKS = " \t\r\n"
"""What may stand around a path and its value; other blanks are told, as in a file."""

LONGEST = 3600.0
"""Seconds that runs may take where no limit is given: what takes longer is asked for by name."""
STDIN = "-"
"""In place of a scenario's file: standard input."""
STDIN_NAME = "<stdin>"

verbs = Verbs(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)

File = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="The scenario, a YAML file.", show_default=False, allow_dash=True),
]
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same numbers.")]
Limit = Annotated[
    str | None,
    typer.Option(
        metavar="LIMITS",
        help="Refuse what would take more, as seconds=600,memory=2GB; also of visits, people, replications. "
        "[default: CXMODEL_LIMITS, else an hour and the memory there is]",
    ),
]
Jobs = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="How many threads work at once. [default: one per core]")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no warnings, only the answer.")]


def loaded(file: Path) -> Scenario:
    """The scenario of a file; of standard input for `-`, which may extend files as if it lay in the working folder."""
    from cxmodel.scenario import load, loads

    return load(file) if str(file) != STDIN else loads(_standard_input(), STDIN_NAME, STDIN_NAME)


def _standard_input() -> str:
    from cxmodel.scenario.files import MAX_BYTES, decoded

    return decoded(STDIN_NAME, sys.stdin.buffer.read(MAX_BYTES + 1))


def scenario_of(file: Path, changes: list[str], quiet: bool) -> Scenario:
    """The scenario of a file with the changes of the command line; stderr says how many warnings it has."""
    from cxmodel.report.text.numbers import count

    scenario = loaded(file)
    if changes:
        said = (change_of(text) for text in changes)
        scenario = scenario.with_changes({path: understood(path, value, scenario.currency)[0] for path, value in said})
    if scenario.warnings and not quiet:
        tell(f"{count(len(scenario.warnings), 'warning')}; to read more: cxmodel validate {file}")
    return scenario


def scenarios_of(files: list[Path], quiet: bool) -> dict[str, Scenario]:
    """The scenarios of files by name; all that is wrong with any of them is told before the first run."""
    found: dict[str, Scenario] = {}
    wrong: list[Problem] = []
    for file in files:
        try:
            found[str(file)] = scenario_of(file, [], quiet)
        except ScenarioError as error:
            wrong += error.problems
    if wrong:
        raise ScenarioError(wrong)
    return found


def change_of(text: str, option: str = "--set ") -> tuple[str, Any]:
    """`levers.people.level=0.8` as a path and a value, the value read as it would be in the file."""
    from cxmodel.scenario.characters import FORBIDDEN, ODD_BLANK, name_of, plainly, visible
    from cxmodel.scenario.fields.misspelt import CONTROL, MISSPELT
    from cxmodel.scenario.yaml_text.parser import read

    path, equals, value = text.partition("=")
    if not equals or not path.strip(BLANKS):
        raise UsageError(f"{option}{text}: write it as PATH=VALUE, for example {option}levers.people.level=0.8")
    if (odd := ODD_BLANK.search(path.strip(BLANKS)) or FORBIDDEN.search(text)) is not None:
        raise UsageError(f"{option}{visible(plainly(text))}: there is {name_of(odd[0])} in it; write it without")
    document = read(f"value: {value.strip(BLANKS)}", "--set")
    told = [fault for fault, _ in document.faults if fault.code in (*MISSPELT, CONTROL)]
    if told:
        raise UsageError(f"{option}{path.strip(BLANKS)}: {told[0].message}; {told[0].expected}")
    if document.faults or "value" not in document.plain:
        raise UsageError(f"{option}{text}: {value!r} is not a value; put a text with signs in it in quotes")
    return path.strip(BLANKS), document.plain["value"]


def understood(path: str, value: Any, currency: str | None, option: str = "--set ") -> tuple[Any, str]:
    """A value that somebody has typed, `9/month`, as a file has it, and how it is spelled; nothing where it was right.

    Raises `UsageError` for another currency than the scenario's, and for a date.
    """
    from cxmodel.scenario import Scenario
    from cxmodel.scenario.fields.introspection import quantity_at
    from cxmodel.scenario.fields.notation import Misread, is_relative
    from cxmodel.scenario.yaml_text.parser import scalar

    quantity = quantity_at(Scenario, path) if isinstance(value, str) and not is_relative(value) else None
    if quantity is None:
        return value, ""
    try:
        quantity.refuse_foreign(value, currency)
    except Misread as misread:
        raise UsageError(f"{option}{path}: {misread.message}; {misread.expected}") from None
    spelling = quantity.understood(value)
    return (value, "") if spelling == value else (scalar(spelling), spelling)


def precision_of(text: str | None, replications: int | None) -> float | None:
    """The precision asked for, in place of a number of replications."""
    from cxmodel.simulation.precision import share_of

    if text is not None and replications is not None:
        raise UsageError("give --replications or --precision, not both")
    return None if text is None else share_of(text)


def weigh(
    wanted: Sequence[RunRequest], jobs: int | None, quiet: bool, limit: str | None = None, times: int = 1
) -> None:
    """Say first what runs will take where that is much; raise UsageError where it is more than is allowed.

    `times`: how many cases there are that take as much each.
    """
    from cxmodel.report.text.effort import refusal, takes, worth_saying
    from cxmodel.simulation.effort import LIMITS, Limits, effort_of, memory_here

    allowed = Limits(seconds=LONGEST, memory=memory_here()).but(os.environ.get(LIMITS, ""), f"{LIMITS}=")
    allowed = allowed.but(limit or "", "--limit ")
    if not wanted:
        return
    effort = effort_of(wanted, jobs)
    effort = effort._replace(visits=times * effort.visits, seconds=times * effort.seconds)
    how = "allow it with `run --limit {0}`, or CXMODEL_LIMITS={0} for every verb"
    if refused := refusal(effort, allowed, how, jobs=True):
        raise UsageError(refused)
    if worth_saying(effort) and not quiet:
        takes_so = takes(effort)
        tell(f"{takes_so[:1].upper()}{takes_so[1:]}; Ctrl-C stops it.")


class Keeper:
    """Keeps what was simulated; where that fails the answer is given all the same, and told to be unsaved."""

    def __init__(self) -> None:
        self.failed = False

    def keep(self, results: list[Result], seconds: float) -> list[str | None]:
        """The ids under which results are kept, with what their return was told against; None where they are not."""
        from cxmodel.archive import Archive

        ids: list[str | None] = [None] * len(results)
        with self.trying():
            ids = [*Archive().keep_all(results, seconds)]
        return ids

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Tell what cannot be kept, quiet or not: who relies on it has to know."""
        try:
            yield
        except ArchiveError as error:
            tell(f"This run was not saved: {error}.")
            self.failed = True

    def end(self) -> None:
        """The exit code of an answer that is not saved: a failure."""
        if self.failed:
            raise typer.Exit(FAILED)


def say_json(document: Any) -> None:
    say(json.dumps(document, indent=2, allow_nan=False))


def say(text: str) -> None:
    print(text, flush=True)


def quoted(file: Path) -> str:
    """A file as one types it in a terminal."""
    import shlex

    return shlex.quote(str(file))


def tell(message: str) -> None:
    print(message, file=sys.stderr)
