"""Every map of a result, by name: `MAPS["journey_map"].draw(result, baseline)`. Draws none itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from cxmodel.report.maps.canvas import canvas_sheet, value_sheet
from cxmodel.report.maps.journey_map import JourneyMap, journey_map
from cxmodel.report.maps.organisation import Organisation, organisation
from cxmodel.report.maps.sheets import journey_sheet, organisation_sheet

if TYPE_CHECKING:
    from collections.abc import Collection

    from cxmodel.report.maps.sheet import Sheet
    from cxmodel.report.text.mending import Mending
    from cxmodel.results.result import Result

View = Literal["today", "plan", "both"]
VIEWS: Final[tuple[View, ...]] = ("today", "plan", "both")
"""What a map may show: things as they are, under the plan, or under the plan with today behind it."""
JOURNEY: Final = "journey_map"


@dataclass(frozen=True, slots=True)
class Told:
    """What a map tells of: a result, today's behind it, what is at stake, and whose initiatives are shown strong."""

    result: Result
    behind: Result | None = None
    mending: Mending | None = None
    plan: str | None = None

    @property
    def journey(self) -> JourneyMap:
        """The journey map of it."""
        return journey_map(self.result, self.behind, self.mending, self.plan)

    @property
    def organisation(self) -> Organisation:
        """The map of the organisation."""
        return organisation(self.result, self.mending, self.behind)


@dataclass(frozen=True, slots=True)
class Map:
    """A map, and what it is called."""

    title: str
    lay: Callable[[Told], Sheet]

    def draw(self, result: Result, against: Result | None = None, mending: Mending | None = None) -> Sheet:
        """The map of a result, with today's behind it where the map shows that."""
        return self.lay(Told(result, against, mending))


def shown(result: Result, baseline: Result | None, view: View) -> Told:
    """What a map tells of a plan's result and today's, in a view; of today alone there is one view."""
    if baseline is None:
        return Told(result)
    if view == "today":
        return Told(baseline, plan=result.plan)
    return Told(result, baseline if view == "both" else None)


def journey_sheet_of(told: Told, hidden: Collection[str] = ()) -> Sheet:
    """The journey map as a sheet, without the lanes that are hidden."""
    return journey_sheet(told.journey, hidden)


MAPS: Final[dict[str, Map]] = {
    JOURNEY: Map("Journey map", journey_sheet_of),
    "strategy_canvas": Map("Strategy canvas", lambda told: canvas_sheet(told.result, told.behind)),
    "value_map": Map("Value map", lambda told: value_sheet(told.result)),
    "organisation": Map("Organisation", lambda told: organisation_sheet(told.organisation)),
}
"""The maps in the order in which they are told."""
