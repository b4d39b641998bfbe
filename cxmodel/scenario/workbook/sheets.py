"""The sheets of a workbook: which columns stand where, and which value of a scenario each holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cxmodel.model.assumptions import KINDS
from cxmodel.vocabulary import INSIGHT_KINDS, STAGES

COMPANY: Final = "Company"
"""Values that there is one of, by path."""
CHANGES: Final = "Changes"
"""What initiatives and external scenarios change."""
CHECKS: Final = "Checks"
"""What has to hold of the results."""
RANGES: Final = "Ranges"
"""How sure a number of another sheet is, and where it comes from."""
MORE: Final = "More"
"""Whatever has no column elsewhere, by path."""
ORDER: Final = "order: "
"""Begins a value of `More` that says in which order entries of a grid stand in the file, where it is another."""
ATTRIBUTE: Final = " (attribute)"
"""Added over the column of an attribute that is called like a fixed column."""
FACT: Final = ("low", "high", "source", "as_of", "note")
"""What a number may have beside its value."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands over it, which value below a thing it holds, and what it is."""

    head: str
    path: tuple[str, ...]
    what: str = ""
    listed: bool = False
    """Whether a cell holds several ids, one after another with commas."""
    choices: tuple[str, ...] = ()
    text: bool = False
    """Whether a cell is a text whatever it looks like."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns of which there is one for each attribute."""

    under: str
    """The mapping that is keyed by attributes, such as `delivers`."""
    leaf: tuple[tuple[str, str], ...] = (("", ""),)
    """What is added to the name over a column, and the key below the attribute; nothing where the value itself is."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with a row for each thing of a section."""

    name: str
    section: str
    columns: tuple[Column, ...]
    what: str
    grid: Grid | None = None

    def over(self, attribute: str, ending: str = "") -> str:
        """What stands over the column of an attribute; marked as one where a fixed column has that name."""
        fixed = {"id", *(column.head.casefold() for column in self.columns)}
        return f"{attribute}{ATTRIBUTE if attribute.casefold() in fixed else ''}{ending}"

    def heads(self, attributes: Iterable[str]) -> tuple[str, ...]:
        """What stands over the columns after the id, those of attributes last."""
        keyed = (self.over(each, ending) for each in attributes for ending, _ in self.grid.leaf) if self.grid else ()
        return (*(column.head for column in self.columns), *keyed)


def _text(head: str, *path: str, what: str = "") -> Column:
    return Column(head, path, what, text=True)


LABEL: Final = _text("Name", "label", what="What people call it; its id in words where empty.")
SHEETS: Final = (
    Sheet(
        "Attributes",
        "attributes",
        (
            LABEL,
            Column(
                "Kind", ("kind",), "must_be is missed where it is not there, attractive a delight.", False, (*KINDS,)
            ),
        ),
        "What customers judge.",
    ),
    Sheet(
        "Customers",
        "segments",
        (
            LABEL,
            Column("Customers", ("customers",), "How many there are today."),
            Column("Prospects", ("prospects",), "How many might become customers."),
            Column("Arrive", ("adoption", "arrivals"), "Such as 100 per month."),
            Column("Innovators p", ("adoption", "p"), "Bass model, instead of arrivals."),
            Column("Imitators q", ("adoption", "q"), "Bass model, instead of arrivals."),
            Column("Switching cost", ("switching_cost",), "0 leaves with a click, 0.5 contract, 1 locked in."),
            Column("Leave", ("leave",), "Such as 1.2 % per month."),
            Column("Decide", ("decides",), "Such as every month."),
            Column("Answer surveys", ("response_rate",), "Share from 0 to 1."),
            _text("Persona", "persona", "name"),
            _text("Quote", "persona", "quote"),
        ),
        "Who the customers are.",
    ),
    Sheet(
        "Needs",
        "segments",
        (),
        "The level from 0 to 100 that would satisfy a segment, and how much it weighs.",
        Grid("needs", (("", "level"), (" weight", "weight"))),
    ),
    Sheet(
        "Journey",
        "journey",
        (
            LABEL,
            Column("Stage", ("stage",), "Where in the journey it lies.", False, tuple(STAGES)),
            _text("Channel", "channel", what="App, web, phone, shop …"),
            _text("Owner", "owner", what="The department that answers for it."),
            _text("Doing", "doing", what="What customers do here."),
            _text("Thinking", "thinking"),
            _text("Feeling", "feeling"),
            Column("As", ("as",), "Lived as customer or as user.", False, ("customer", "user")),
            Column("Every", ("every",), "How often, such as 30 days."),
            Column("Visits", ("visits",), "How many, where they are counted."),
            Column("Importance", ("importance",), "1 where not set."),
        ),
        "The touchpoints in the order customers live them, and the level from 0 to 100 that each delivers: 95 best "
        "anywhere, 75 good, 60 adequate, 40 people complain. Leave empty what is not judged there.",
        Grid("delivers"),
    ),
    Sheet(
        "Promises",
        "brand_promises",
        (
            LABEL,
            Column("Attribute", ("attribute",)),
            Column("Level", ("level",), "What people are led to expect, 0 to 100."),
            Column("Reach", ("reach",), "Share of people who hear it."),
            Column("Believed", ("believed",), "Share of it that is believed."),
            Column("Communicated at", ("made_at",), "Touchpoints.", listed=True),
        ),
        "What people are told to expect.",
    ),
    Sheet(
        "Propositions",
        "value_propositions",
        (LABEL, Column("For", ("for",), "Segments.", listed=True), Column("Price", ("price",))),
        "The bargains that are offered, and the level of each attribute in them.",
        Grid("offers"),
    ),
    Sheet(
        "Rivals",
        "rivals",
        (
            LABEL,
            Column("Price", ("price",)),
            Column("Customers can leave for it", ("switch",), "FALSE for one that only raises the bar."),
        ),
        "Other providers, and the level of each attribute there.",
        Grid("levels"),
    ),
    Sheet(
        "Insight",
        "insight_sources",
        (
            LABEL,
            Column("Kind", ("kind",), "", False, tuple(INSIGHT_KINDS)),
            Column("Covers", ("sees",), "Attributes.", listed=True),
            Column("Reliability", ("reliability",), "0 to 1."),
            Column("Coverage", ("coverage",), "0 to 1."),
            Column("Lag", ("lag",), "Such as 2 months."),
            Column("Foresight", ("ahead",), "Such as 6 months."),
            Column("Cost", ("cost",), "Such as 120 per month."),
        ),
        "How the company learns what customers need and get; without any it knows all.",
    ),
    Sheet(
        "Initiatives",
        "initiatives",
        (
            LABEL,
            _text("What", "what"),
            Column("Starts", ("starts",), "Such as month 3."),
            Column("Half-life", ("half_life",), "Time to get half of the way, such as 2 months."),
            Column("Cost once", ("cost", "once")),
            Column("Running cost", ("cost", "running"), "Such as 200 per month."),
        ),
        "What the company could do; what each changes stands in the sheet Changes.",
    ),
    Sheet(
        "External scenarios",
        "futures",
        (LABEL, _text("What", "what"), Column("Starts", ("starts",)), Column("Half-life", ("half_life",))),
        "What could happen to the company; what each changes stands in the sheet Changes.",
    ),
    Sheet(
        "Plans",
        "plans",
        (
            LABEL,
            _text("What", "what"),
            Column("Initiatives", ("initiatives",), "One after another, with commas.", listed=True),
        ),
        "Choices worth comparing; doing nothing is always among them.",
    ),
)
"""The sheets with a row for each thing, in the order in which they stand."""
ACTS: Final = ("initiatives", "futures")
"""The sections whose things have changes."""
CHECKED: Final = ("plan", "metric", "segment", "better_than", "worse_than", "above", "below", "by")
"""The columns of the sheet of checks."""
ONE_EACH: Final = ("name", "question", "summary", "horizon", "currency", "today", "economics", "levers", "targets")
"""What the sheet `Company` begins with; the rest of what there is one of follows."""
