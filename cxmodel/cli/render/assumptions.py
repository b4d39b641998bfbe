"""What was assumed when a journey was imported, as it reads in a terminal and in JSON. Computes nothing."""

from __future__ import annotations

from itertools import groupby
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from cxmodel.cli.render.table import WIDTH, table
from cxmodel.report.text.numbers import count, figure, listed
from cxmodel.scenario.journeys.stages import BY_NAME, BY_PLACE, BY_STEPS

if TYPE_CHECKING:
    from cxmodel.scenario.journeys.company import Assumption, Company
    from cxmodel.scenario.journeys.stages import Guess
    from cxmodel.studies.defaults import Effect, Weighed

SHOWN: Final = 15
"""Numbers of a sort that are listed one by one."""
NAME: Final = 60
"""Letters of a number's name in the table."""
HOW: Final = {
    BY_PLACE: "By the place in the order only; look at these first:",
    BY_STEPS: "By the names of the steps:",
    BY_NAME: "By the name:",
}
"""How stages were guessed, the least sure first."""


def assumptions(company: Company, weighed: Weighed, horizon: str) -> str:
    """The whole list: the numbers, what the answer hangs on first; the stages; how the rest was read."""
    drawn = company.drawn
    blocks = [
        f"{count(len(drawn.steps), 'step')} of a {drawn.kind} became touchpoints.",
        _numbers(company, weighed, horizon),
        _stages(company.guesses),
        "\n".join(fill(f"- {remark}", WIDTH, subsequent_indent="  ") for remark in company.remarks),
        fill(f"Columns that were not read: {listed(drawn.unread, SHOWN)}.", WIDTH) if drawn.unread else "",
    ]
    return "\n\n".join(block for block in blocks if block)


def ordered(company: Company, weighed: Weighed) -> list[tuple[Assumption, Effect | None]]:
    """The assumptions, those first that move NPS most, then those that were not tried."""
    order = {path: place for place, path in enumerate(weighed.effects)}
    found = sorted(company.assumptions, key=lambda each: order.get(each.path, len(order)))
    return [(each, weighed.effects.get(each.path)) for each in found]


def _numbers(company: Company, weighed: Weighed, horizon: str) -> str:
    told = ordered(company, weighed)
    moving = [(each, effect) for each, effect in told if effect and effect.clear]
    still = [each for each, effect in told if effect and not effect.clear]
    ranged = [each for each, effect in told if not effect and each.low]
    rest = [each for each, effect in told if not effect and not each.low]
    lines = [
        f"Assumptions to check. The {company.drawn.kind} does not say these numbers; the file has a default for each."
    ]
    if moving and weighed.base is not None:
        nps = figure(weighed.base, "points")
        hangs = (
            f"With all defaults NPS is {nps} after {horizon}. What it hangs on most comes first: by so many points NPS "
            "would be higher or lower with one number at the low or at the high end of its range."
        )
        lines += [
            fill(hangs, WIDTH),
            "",
            table(
                ("number", "default", "range", "at low", "at high"),
                [
                    (_short(each.what), each.said, _range(each), _moved(effect.at_low), _moved(effect.at_high))
                    for each, effect in moving
                ],
                (3, 4),
            ),
        ]
    parts = [
        ("NPS hardly moves with these", still),
        (f"Not tried ({weighed.why_not})" if weighed.why_not else "Not tried", ranged),
        ("Without a range", rest),
    ]
    for title, these in parts:
        if these:
            lines += ["", f"{title}:", *(f"  {each.what}: {each.said}{_in_brackets(each)}" for each in these[:SHOWN])]
            if len(these) > SHOWN:
                lines.append(f"  and {len(these) - SHOWN} more; --json has them all")
    return "\n".join(lines)


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1].rstrip()}…"


def _range(each: Assumption) -> str:
    return f"{each.low} to {each.high}"


def _in_brackets(each: Assumption) -> str:
    return f" ({_range(each)})" if each.low else ""


def _moved(value: float | None) -> str:
    return figure(value, "points", sign=True)


def _stages(guesses: list[Guess]) -> str:
    """The guesses of stages, the least sure first."""
    if not guesses:
        return ""
    lines = [
        "Stages that were guessed; the stage says when in a customer's life a step is lived (`stage:` in the file)."
    ]
    order = list(HOW)
    by_how = sorted(guesses, key=lambda guess: order.index(guess.how))
    for how, these in groupby(by_how, key=lambda guess: guess.how):
        told = ", ".join(f"“{' '.join(guess.words.split())[:NAME]}” → {guess.stage}" for guess in these)
        lines.append(fill(f"{HOW[how]} {told}.", WIDTH, initial_indent="  ", subsequent_indent="    "))
    return "\n".join(lines)


def document(file: str, company: Company, weighed: Weighed) -> dict[str, Any]:
    """The same as one JSON document."""
    return {
        "scenario": file,
        "kind": company.drawn.kind,
        "steps": len(company.drawn.steps),
        "nps": weighed.base,
        "assumptions": [
            {
                "path": each.path or None,
                "what": each.what,
                "default": each.said,
                "low": each.low or None,
                "high": each.high or None,
                "nps_at_low": effect.at_low if effect else None,
                "nps_at_high": effect.at_high if effect else None,
                "matters": effect.clear if effect else None,
            }
            for each, effect in ordered(company, weighed)
        ],
        "not_tried": weighed.why_not or None,
        "stages": [{"words": guess.words, "stage": guess.stage, "by": guess.how} for guess in company.guesses],
        "remarks": company.remarks,
        "columns_not_read": company.drawn.unread,
    }
