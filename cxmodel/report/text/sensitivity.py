"""Sensitivity, what matters most, in words and as a table. Reads what was found as a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from cxmodel.report.text.numbers import figure, interval, listed, percent
from cxmodel.vocabulary import AS_IS, METRICS, JsonDict

if TYPE_CHECKING:
    import pandas as pd

    from cxmodel.scenario import Scenario

CLASSES: Final = {"matters": "", "noise": "within simulation error", "nothing": "changes nothing", None: "not known"}
"""A class in the last column."""
HEADS: Final[dict[str, tuple[str, ...]]] = {
    "tornado": ("at its low", "at its high"),
    "morris": ("effect", "likely between", "varies", "noise"),
    "sobol": ("in all", "likely between", "alone", "likely between", "noise"),
}
"""What the figures of a method are called."""
MEANING: Final = {
    "tornado": (
        "At its low, at its high: by how much {metric} would be other than it is now, all else as said, with "
        "the 95 % interval of simulation error; = is the same in every run. Within simulation error: both "
        "intervals hold "
        "zero; of numbers that change nothing but chance, up to one in ten would seem to matter all the same. Numbers "
        "are moved one at a time: what two do together is not in it (morris and sobol have that)."
    ),
    "morris": (
        "Effect: by how much {metric} moves over the number's whole range, up or down, on average over "
        "{size} starting points, and what it likely is between (95 %, over starting points). Varies: how much "
        "it differs from one to the next; then it bends, or depends on other numbers. Noise: what chance alone "
        "would reach in 5 of 100 studies; an effect that is no larger cannot be distinguished from it."
    ),
    "sobol": (
        "Of what {metric} varies if all these numbers are uncertain at once ({size} samples). Alone: the share "
        "that would go if the number were known. In all: with what it does together with others; these shares "
        "may add up to more than 100 %. Likely between: 95 %, over samples. Noise: the share that chance alone "
        "would reach in 5 of 100 studies; a share whose lower end is no larger cannot be distinguished from it."
    ),
}
"""What the figures of a method mean."""


def sentence(document: JsonDict, scenario: Scenario) -> str:
    """What matters most, and how many numbers do not."""
    known = of_class(document, "matters")
    noise, nothing, missing = (len(of_class(document, verdict)) for verdict in ("noise", "nothing", None))
    name, total = outcome(document, scenario), len(document["rows"])
    rest = [f"{noise} of {total} {'is' if noise == 1 else 'are'} not distinguishable from noise"] if noise else []
    if nothing:
        rest.append(f"{nothing} of {total} {'changes' if nothing == 1 else 'change'} nothing")
    if missing:
        rest.append(f"of {missing} it is not known, because runs failed")
    others = f"; {', '.join(rest)}" if rest else ""
    if not known:
        return f"Nothing clearly matters to {name}{others}."
    first = known[0]
    alike = [row["name"] for row in known[1:] if _may_equal(row, first, document)]
    close = f"; {listed(alike)} may matter as much" if alike else ""
    return (
        f"What matters most to {name} is {first['name']}: {TOLD[document['method']](first, document)}{close}{others}."
    )


def meaning(document: JsonDict, scenario: Scenario) -> str:
    """What the figures mean."""
    size = document["samples"] if document["method"] == "sobol" else document["trajectories"]
    metric = outcome(document, scenario) if document["plan"] == AS_IS else "the difference"
    return MEANING[document["method"]].format(metric=metric, size=size)


def matters_table(document: JsonDict) -> pd.DataFrame:
    """Every number, what matters most first."""
    import pandas as pd

    heads = [f"{head} " * (number == 3) or head for number, head in enumerate(HEADS[document["method"]])]
    columns = ["Number", "Range", "Taken as", *(head[:1].upper() + head[1:] for head in heads), "What to make of it"]
    rows = [[row["name"], span(row), row["value_said"], *cells(row, document)] for row in document["rows"]]
    return pd.DataFrame(rows, columns=columns)


def span(row: JsonDict) -> str:
    """The range of a number, as the scenario says such numbers."""
    return f"{row['low_said']} to {row['high_said']}"


def of_class(document: JsonDict, verdict: str | None) -> list[JsonDict]:
    """The rows of a class, the strongest first."""
    return [row for row in document["rows"] if row["class"] == verdict]


def outcome(document: JsonDict, scenario: Scenario) -> str:
    """What is asked about: `NPS`, `the plan's difference in NPS`."""
    name = METRICS[document["metric"]].short
    if document["plan"] == AS_IS:
        return name
    return f"the difference that {scenario.label('plans', document['plan'])} makes in {name}"


def _may_equal(row: JsonDict, first: JsonDict, document: JsonDict) -> bool:
    """Whether a number's interval reaches up into that of the first."""
    mine, theirs = _reach(row, document), _reach(first, document)
    return mine is not None and theirs is not None and mine[1] >= theirs[0]


def _reach(row: JsonDict, document: JsonDict) -> tuple[float, float] | None:
    """From where to where the size of a number's effect likely lies."""
    if document["method"] != "tornado":
        name = "mu_star" if document["method"] == "morris" else "ST"
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        return None if low is None else (low, high)
    end = max(("at_low", "at_high"), key=lambda name: abs(row[name] or 0.0))
    if row[f"{end}_from"] is None:
        return None
    low, high = sorted(abs(row[f"{end}_{side}"]) for side in ("from", "to"))
    return low, high


def _tornado_told(row: JsonDict, document: JsonDict) -> str:
    ends = [
        f"{_end(row, f'at_{end}', document)} at {row[f'{end}_said']}" for end in ("low", "high") if row[f"at_{end}"]
    ]
    return f"{' and '.join(ends)}, against {row['value_said']} as said"


def _morris_told(row: JsonDict, document: JsonDict) -> str:
    span = interval(row["mu_star_low"], row["mu_star_high"], *_unit(document))
    return (
        f"from {row['low_said']} to {row['high_said']} it moves it by "
        f"{figure(row['mu_star'], *_unit(document))} (likely {span})"
    )


def _sobol_told(row: JsonDict, document: JsonDict) -> str:
    if row["ST"] is None:
        return "so says the screening"
    return f"{_part(row['ST'])} of what it varies ({_shares(row, 'ST')}), {_part(row['S1'])} by it alone"


TOLD: Final[dict[str, Callable[[JsonDict, JsonDict], str]]] = {
    "tornado": _tornado_told,
    "morris": _morris_told,
    "sobol": _sobol_told,
}
"""What a number does, in the words of each method."""


def cells(row: JsonDict, document: JsonDict) -> tuple[str, ...]:
    """The figures of a number."""
    verdict = CLASSES[row["class"]]
    if document["method"] == "tornado":
        return (_end(row, "at_low", document), _end(row, "at_high", document), verdict)
    if document["method"] == "morris":
        size, varies, floor = (figure(row[name], *_unit(document)) for name in ("mu_star", "sigma", "floor"))
        return (size, interval(row["mu_star_low"], row["mu_star_high"], *_unit(document)), varies, floor, verdict)
    if row["ST"] is None:
        return ("–", "", "–", "", "", verdict)
    alone = (_part(row["S1"]), _shares(row, "S1"))
    return (_part(row["ST"]), _shares(row, "ST"), *alone, percent(row["floor"]), verdict)


def _end(row: JsonDict, name: str, document: JsonDict) -> str:
    """The difference at one end: `+3.1 (2.2 to 4.0)`."""
    value, low, high = row[name], row[f"{name}_from"], row[f"{name}_to"]
    if value is None:
        return "failed"
    if value == 0 and low == high:
        return "="
    return f"{_change(value, document)} ({_span(row, f'{name}_from', f'{name}_to', document)})"


def _change(value: float, document: JsonDict) -> str:
    return figure(value, *_unit(document), sign=True)


def _span(row: JsonDict, low: str, high: str, document: JsonDict) -> str:
    if row[low] is not None and row[low] == row[high]:
        return "in every run"
    return interval(row[low], row[high], *_unit(document), sign=True)


def _part(share: float) -> str:
    """An estimated share: none is below 0 or above all, though its estimate may be."""
    return percent(min(1.0, max(0.0, share)))


def _shares(row: JsonDict, name: str) -> str:
    """The interval of a share: `88 to 100 %`."""
    low, high = (100 * min(1.0, max(0.0, row[f"{name}_{end}"])) for end in ("low", "high"))
    return f"{low:.0f} to {high:.0f} %"


def _unit(document: JsonDict) -> tuple[str, str | None]:
    return METRICS[document["metric"]].unit, document["currency"]
