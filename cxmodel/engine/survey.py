"""The company's own survey: who is asked, who answers, what the company takes for its score (equation 10).

Shapes: D days, S segments, G groups (replication x segment).
"""

import numpy as np

from cxmodel.arrays import Column, Floats
from cxmodel.engine import luck
from cxmodel.engine.luck import Purpose
from cxmodel.engine.population import Population, Status
from cxmodel.engine.world import World
from cxmodel.model.closed_loop import answering


class Survey:
    """The survey of a run; `counted` (3, months + 1, G): answers, promoters, detractors."""

    def __init__(self, world: World, people: Population, months: int) -> None:
        self.world, self.people = world, people
        self.groups = people.replications * people.segments
        self.counted = np.zeros((3, months + 1, self.groups))
        self.response = _response(world)
        self.every = world.courses.steps("survey.every", world.scenario.survey.every)

    def hold(self, month: int, since: float, time: float) -> None:
        """The survey is held at the end of a month in which it falls due, of those who answer."""
        day = min(int(time), self.world.days - 1)
        if not falls_due(float(self.every[day]), since, time):
            return
        people, a = self.people, self.world.assumptions
        rows = np.flatnonzero(people.status == Status.CUSTOMER)
        response = self.response[day]
        rows = rows[luck.uniform(people.key[rows], Purpose.SURVEY, month) < response[people.segment[rows]]]
        noise = luck.normal(people.key[rows], Purpose.SURVEY, month, part=1)
        score = people.mind[people.columns.satisfaction, rows] + a.score_noise * noise
        group = people.group[rows]
        for kind, own in enumerate((group, group[score >= a.promoter_from], group[score <= a.detractor_to])):
            self.counted[kind, month] = np.bincount(own, minlength=self.groups)


def falls_due(every: Column | float, since: float, time: float) -> Column:
    """Whether a multiple of `every` days lies in a month, its end included."""
    return np.asarray(np.floor(time / every + 1e-9) > np.floor(since / every + 1e-9))


def _response(world: World) -> Floats:
    """Share who answer (D, S)."""
    survey, courses, a = world.scenario.survey, world.courses, world.assumptions
    usual = a.survey_response if survey.response is None else survey.response
    everyone = courses.smooth("survey.response", usual)
    questions = courses.steps("survey.questions", survey.questions)
    shares = []
    for name, segment in world.scenario.segments.items():
        path = f"segments.{name}.response_rate"
        shares.append(courses.unless(everyone, path, segment.response_rate, usual))
    return answering(np.stack(shares, axis=1), questions[:, None], a.survey_length)
