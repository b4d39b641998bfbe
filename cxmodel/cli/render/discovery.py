"""How a discovery reads in a terminal: when the plan fails, its box, what else there was. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from cxmodel.cli.render.table import heading, table
from cxmodel.report.text import discovery as failures
from cxmodel.report.text.numbers import count, duration, percent

if TYPE_CHECKING:
    from cxmodel.simulation.batch import Cost
    from cxmodel.studies.discovery.study import Discovery

STEPS: Final = 5
"""Boxes to choose from that are told; `--json` has them all."""
CAVEAT: Final = (
    "The intervals are chance in the assumption scenarios that were drawn. Every value within a range was taken as\n"
    "equally likely: a model shows what follows from such numbers, not how probable they are, nor what will happen."
)


def discovery(found: Discovery) -> str:
    """The whole of it, from the sentence to what it rests on."""
    document, scenario = found.document(), found.scenario
    plan = scenario.label_or_id("plans", found.plan)
    how = f"Stress test of plan {plan}: {count(found.worlds, 'assumption scenario')} of "
    blocks = [
        heading(scenario, how, found.replications, found.seed, found.future),
        failures.sentence(document),
        *_box(document),
        *_left_out(found, document),
    ]
    return "\n\n".join([*blocks, CAVEAT])


def expected(cost: Cost) -> str:
    """What a study takes, before it starts.

    >>> from cxmodel.simulation.batch import Cost
    >>> expected(Cost(400, 130.0)), expected(Cost(0, 0.0))
    ('400 cases to simulate, about 2 minutes.', 'Every case is saved already.')
    """
    if not cost.runs:
        return "Every case is saved already."
    soon = f", about {duration(cost.seconds)}" if cost.seconds else ""
    return f"{count(cost.runs, 'case')} to simulate{soon}."


def _box(document: Mapping[str, Any]) -> Iterator[str]:
    """The box and the boxes beside it; nothing where none stands out."""
    if not document["box"]:
        return
    lines = failures.box_lines(document)
    head: tuple[str, ...] = ("", *(name[:1].lower() + name[1:] for name in failures.BOX))
    yield f"Conditions under which it fails\n{table(head, lines, numbers=(4, 5))}"
    steps = [
        (
            percent(step["coverage"]),
            percent(step["density"]),
            percent(step["mass"]),
            str(step["restricted"]),
            "← the box" if step["chosen"] else "",
        )
        for step in _some(document["trajectory"])
    ]
    head = ("of all failures", "that fail there", "of all scenarios", "numbers it takes", "")
    yield f"Trade-off: the denser a box, the more failures it leaves out\n{table(head, steps, numbers=(0, 1, 2, 3))}"
    yield failures.unseen(document)
    yield "--json has a case in the box that was simulated and fails, its changes as --set takes them (counterexample)."


def _some(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The box that was chosen, and of the others some at even steps."""
    chosen = next(place for place, step in enumerate(steps) if step["chosen"])
    last = len(steps) - 1
    places = [round(last * part / (STEPS - 1)) for part in range(STEPS)]
    if chosen not in places:
        places[min(range(STEPS), key=lambda part: abs(places[part] - chosen))] = chosen
    return [steps[place] for place in sorted(set(places))]


def _left_out(found: Discovery, document: Mapping[str, Any]) -> Iterator[str]:
    """The assumption scenarios that could not be judged, and why."""
    missing = document["asked"] - document["worlds"]
    if missing:
        reasons = "; ".join(dict.fromkeys(each.why for each in found.failures))
        because = f": {reasons}" if reasons else ": the figure is not available there"
        yield f"{count(missing, 'assumption scenario')} left out{because}"
