"""How what matters most reads in a terminal: a sentence, a table, what its figures mean. Computes nothing."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Final

from cxmodel.cli.render.table import WIDTH, caveat, heading, table
from cxmodel.report.text import sensitivity as matters
from cxmodel.report.text.numbers import count, duration, listed
from cxmodel.vocabulary import JsonDict

if TYPE_CHECKING:
    from cxmodel.studies.sensitivity.study import Cost, Sensitivity

SHOWN: Final = 12
"""Numbers that are told; `--json` has them all."""
NAME: Final = 46
"""Letters of a number's name in the table."""


def sensitivity(found: Sensitivity) -> str:
    """The whole of it: what matters most, how much each number does, what the figures mean, what failed."""
    how = f"Sensitivity under plan {found.scenario.label_or_id('plans', found.plan)}: {count(found.runs, 'case')} of "
    document = found.document()
    blocks = [
        heading(found.scenario, how, found.replications, found.seed, found.future),
        matters.sentence(document, found.scenario),
        _table(document),
        _rest(document),
        fill(matters.meaning(document, found.scenario), WIDTH),
        _failures(document),
    ]
    return "\n\n".join([*(block for block in blocks if block), _caveat(found)])


def cost(expected: Cost, method: str) -> str:
    """What a study takes, before it starts.

    >>> from cxmodel.studies.sensitivity.study import Cost
    >>> cost(Cost(62, 125, 10, False, 0.8, 50.4), "tornado")
    'tornado over 62 numbers: 125 cases of 10 simulation runs, about 50 seconds here'
    """
    if not expected.runs:
        return f"{method} over {count(expected.numbers, 'number')}: every case is saved already"
    runs = f"{'at most ' if expected.at_most else ''}{count(expected.runs, 'case')}"
    return (
        f"{method} over {count(expected.numbers, 'number')}: {runs} of "
        f"{count(expected.replications, 'simulation run')}, "
        f"about {duration(expected.seconds)} here"
    )


def _table(document: JsonDict) -> str:
    """What each number does, the strongest first; those that change nothing are left out."""
    lines = [(_short(row["name"]), matters.span(row), *matters.cells(row, document)) for row in _told(document)[:SHOWN]]
    return table(("number", "range", *matters.HEADS[document["method"]], ""), lines)


def _told(document: JsonDict) -> list[JsonDict]:
    """The rows with figures to tell."""
    return [row for row in document["rows"] if row["class"] != "nothing" and not row.get("screened")]


def _rest(document: JsonDict) -> str:
    """The numbers that the table leaves out."""
    told = []
    left = _told(document)[SHOWN:]
    if left:
        told.append(f"{count(len(left), 'further number')} with a smaller effect: --json has them all.")
    screened = [row for row in document["rows"] if row.get("screened")]
    if screened:
        stronger = [row["name"] for row in screened if row["class"] == "matters"]
        points = count(document["trajectories"] or 0, "starting point")
        told.append(
            f"Morris screening of all {len(document['rows'])} numbers ({points}) came first: {len(screened)} left out."
        )
        if stronger:
            told.append(f"Of these, {listed(stronger)} would matter too, but less.")
    nothing = [row["name"] for row in matters.of_class(document, "nothing")]
    if nothing:
        told.append(f"The same to the last bit whatever it is: {listed(nothing)}.")
    return "\n".join(told)


def _failures(document: JsonDict) -> str:
    """The runs that failed, and why the first of them did."""
    if not document["failures"]:
        return ""
    first = document["failures"][0]
    some = ", ".join(f"{path} = {value:.4g}" for path, value in list(first["values"].items())[:3])
    return f"{count(len(document['failures']), 'case')} failed and left out, the first ({some}): {first['why']}"


def _caveat(found: Sensitivity) -> str:
    return f"{caveat(found.replications)}\nRanges are taken as written: a wider one matters more."


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1].rstrip()}…"
