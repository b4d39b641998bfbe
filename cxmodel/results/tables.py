"""The tables of a run that was just played: estimates from its replications, and the replications themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cxmodel.model import advocacy
from cxmodel.results.estimates import NORMAL, Estimate, bounds, counted, estimate, within
from cxmodel.results.metrics import METRICS, OF_A_PLAN, SEEN, Run, last_survey
from cxmodel.results.timeline import courses, seen, timeline_rows
from cxmodel.results.touchpoints import contact_rows, touchpoint_rows
from cxmodel.scenario.fields import notation
from cxmodel.vocabulary import AS_IS, EVERYONE, MONEY, YEAR, Floats


@dataclass(frozen=True)
class Played:
    """A run's tables, made when first asked for; implements `cxmodel.results.result.Tables`."""

    run: Run

    def rows(self, table: str) -> list[dict[str, Any]]:
        """A table as rows."""
        return self._tables[table]()

    def samples(self, metric: str) -> Floats:
        """One number per replication and segment, then all of them together (R, S + 1)."""
        return METRICS[metric].of(self.run)

    def course(self, metric: str) -> tuple[int, Floats]:
        """The first month of a series over time, and its values by replication (R, months, S + 1)."""
        return self._courses[metric]

    @property
    def _tables(self) -> Mapping[str, Callable[[], list[dict[str, Any]]]]:
        return {
            "metrics": lambda: self._metrics,
            "touchpoints": lambda: self._touchpoints,
            "timeline": lambda: self._timeline,
            "today": lambda: self._today,
            "contacts": lambda: self._contacts,
        }

    @cached_property
    def _metrics(self) -> list[dict[str, Any]]:
        world = self.run.world
        rows = []
        segments = [*world.route.segments, EVERYONE]
        for item in METRICS.values():
            if item.name in OF_A_PLAN and self.run.plan == AS_IS:
                continue
            values, behind = item.of(self.run), self._seen(item.name)
            for column, segment in enumerate(segments):
                figure = estimate(values[:, column], *bounds(item.name), seen=behind[column])
                if item.name == "nps_measured":
                    figure = self._survey_interval(figure, column)
                if segment == EVERYONE or figure.value is not None:
                    unit = (world.scenario.currency or MONEY) if item.unit == MONEY else item.unit
                    head = {"metric": item.name, "segment": segment}
                    rows.append({**head, **figure._asdict(), "unit": unit, "label": item.label})
        return rows

    def _seen(self, metric: str) -> Floats:
        """How many stand behind a counted metric, all replications together (S + 1,); 0 where it is measured."""
        count = SEEN.get(metric)
        return np.zeros(len(self.run.world.route.segments) + 1) if count is None else count(self.run).sum(0)

    def _survey_interval(self, figure: Estimate, column: int) -> Estimate:
        """The interval that the company would print beside its own score, from the number of answers."""
        answers, promoters, detractors = np.moveaxis(last_survey(self.run)[:, column], -1, 0)
        asked = answers > 0
        if figure.value is None or not asked.any():
            return figure
        shares = promoters[asked] / answers[asked], detractors[asked] / answers[asked]
        half = float(NORMAL * np.sqrt(advocacy.nps_variance(*shares, answers[asked]).mean()))
        low, high = bounds("nps_measured")
        return within(figure.value, half, low, high) if half else counted(figure.value, low, high, answers.sum())

    @cached_property
    def _courses(self) -> dict[str, tuple[int, Floats]]:
        return courses(self.run)

    @cached_property
    def _touchpoints(self) -> list[dict[str, Any]]:
        return touchpoint_rows(self.run)

    @cached_property
    def _timeline(self) -> list[dict[str, Any]]:
        return timeline_rows(self._courses, seen(self.run), [*self.run.world.route.segments, EVERYONE])

    @cached_property
    def _contacts(self) -> list[dict[str, Any]]:
        return contact_rows(self.run)

    @cached_property
    def _today(self) -> list[dict[str, Any]]:
        scenario, modelled = self.run.world.scenario, self.run.modelled
        measured = scenario.today
        rows = []
        if measured.nps is not None:
            rows.append(("nps", EVERYONE, measured.nps, modelled["nps"], ""))
        leaving = [(EVERYONE, measured.leave, "leave")]
        leaving += [(name, segment.leave, f"leave {name}") for name, segment in scenario.segments.items()]
        rows += [
            ("leave", name, leave.share, modelled[key], notation.period(leave.days))
            for name, leave, key in leaving
            if leave is not None
        ]
        if measured.contacts is not None:
            rows.append(("contacts", EVERYONE, measured.contacts * YEAR, modelled["contacts"], "year"))
        return [dict(zip(("measure", "segment", "measured", "modelled", "period"), row, strict=True)) for row in rows]
