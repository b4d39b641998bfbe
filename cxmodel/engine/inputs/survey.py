"""The company's own survey: when it is held, and who answers (equation 10).

Shapes: D days, S segments.
"""

from __future__ import annotations

import numpy as np

from cxmodel.engine.inputs.world import World
from cxmodel.model.closed_loop import answering
from cxmodel.vocabulary import Floats


def survey_every(world: World) -> Floats:
    """Days from one survey to the next, as it is on each day (D,)."""
    return world.trajectories.steps("survey.every", world.scenario.survey.every)


def survey_response(world: World) -> Floats:
    """Share who answer (D, S)."""
    survey, trajectories, a = world.scenario.survey, world.trajectories, world.assumptions
    usual = a.survey_response if survey.response is None else survey.response
    everyone = trajectories.smooth("survey.response", usual)
    questions = trajectories.steps("survey.questions", survey.questions)
    shares = []
    for name, segment in world.scenario.segments.items():
        path = f"segments.{name}.response_rate"
        shares.append(trajectories.unless(everyone, path, segment.response_rate, usual))
    return answering(np.stack(shares, axis=1), questions[:, None], a.survey_length)
