"""How what matters most reads in a terminal: a sentence, a table, what its figures mean. Computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cxmodel.metrics import METRICS
from cxmodel.report.figures import figure, interval, listed, percent
from cxmodel.scenario.names import AS_IS
from cxmodel.terminal import caveat, count, table

if TYPE_CHECKING:
    from cxmodel.studies.sensitivity import Cost, Sensitivity

Row = Mapping[str, Any]
SHOWN: Final = 12
"""Numbers that are told; `--json` has them all."""
NAMES: Final = {
    "expectation_gap": "the shortfall of expectation",
    "retention": "how many stay",
    "churn_monthly": "how many leave",
    "nps": "NPS",
    "customer_equity": "worth",
}
"""What a metric is called in a sentence, where its label would not read well."""
CLASSES: Final = {"matters": "", "noise": "not told from noise", "nothing": "changes nothing", None: "not known"}
"""A class in the last column."""
NAME: Final = 46
"""Letters of a number's name in the table."""

MEANING: Final = {
    "tornado": (
        "At its low, at its high: by how much {metric} would be other than it is now, all else as said, with\n"
        "the 95 % interval of chance; = is the same in every run. Not told from noise: both intervals hold\n"
        "zero; of numbers that only stir up luck, up to one in ten would seem to matter all the same. Numbers\n"
        "are moved one at a time: what two do together is not in it (--method morris, --method sobol)."
    ),
    "morris": (
        "Effect: by how much {metric} moves over the number's whole range, up or down, on average over\n"
        "{size} starting points, and what it likely is between (95 %, over starting points). Varies: how much\n"
        "it differs from one to the next; then it bends, or depends on other numbers. Noise: what luck alone\n"
        "would reach in 5 of 100 studies; an effect that is no larger is not told from it."
    ),
    "sobol": (
        "Of what {metric} varies if all these numbers are uncertain at once ({size} samples). Alone: the share\n"
        "that would go if the number were known. In all: with what it does together with others; these shares\n"
        "may add up to more than 100 %. Likely between: 95 %, over samples. Noise: the share that luck alone\n"
        "would reach in 5 of 100 studies; a share whose lower end is no larger is not told from it."
    ),
}
"""What the figures of a method mean."""


def sensitivity(found: Sensitivity) -> str:
    """The whole of it: what matters most, how much each number does, what the figures mean, what failed."""
    head = [found.scenario.name]
    if found.scenario.question:
        head.append(" ".join(found.scenario.question.split()))
    at = f", future {found.future}" if found.future else ""
    head.append(
        f"What matters most, under plan {found.plan}: {count(found.runs, 'run')} of "
        f"{count(found.replications, 'replication')}, seed {found.seed}{at}"
    )
    size = found.samples if found.method == "sobol" else found.trajectories
    outcome = _outcome(found) if found.plan == AS_IS else "the difference"
    meaning = MEANING[found.method].format(metric=outcome, size=size)
    blocks = ["\n".join(head), sentence(found), _table(found), _rest(found), meaning, _failures(found)]
    return "\n\n".join([*(block for block in blocks if block), _caveat(found)])


def sentence(found: Sensitivity) -> str:
    """What matters most, and how many numbers do not."""
    known = found.of_class("matters")
    noise, nothing, missing = (len(found.of_class(verdict)) for verdict in ("noise", "nothing", None))
    name, total = _outcome(found), len(found.rows)
    rest = [f"{noise} of {total} {'is' if noise == 1 else 'are'} not distinguishable from noise"] if noise else []
    if nothing:
        rest.append(f"{nothing} of {total} {'changes' if nothing == 1 else 'change'} nothing")
    if missing:
        rest.append(f"of {missing} it is not known, because runs failed")
    others = f"; {', '.join(rest)}" if rest else ""
    if not known:
        return f"Nothing clearly matters to {name}{others}."
    first = known[0]
    alike = [row["name"] for row in known[1:] if _may_equal(row, first, found)]
    close = f"; {listed(alike)} may matter as much" if alike else ""
    return f"What matters most to {name} is {first['name']}: {TOLD[found.method](first, found)}{close}{others}."


def cost(expected: Cost, method: str) -> str:
    """What a study takes, before it starts.

    >>> from cxmodel.studies.sensitivity import Cost
    >>> cost(Cost(62, 125, 10, False, 0.8, 50.4), "tornado")
    'tornado over 62 numbers: 125 runs of 10 replications, about 50 seconds here'
    """
    runs = f"{'at most ' if expected.at_most else ''}{count(expected.runs, 'run')}"
    return (
        f"{method} over {count(expected.numbers, 'number')}: {runs} of {count(expected.replications, 'replication')}, "
        f"about {duration(expected.seconds)} here"
    )


def duration(seconds: float) -> str:
    """A time to wait, no finer than known.

    >>> duration(0.4), duration(47.0), duration(312.0), duration(9000.0)
    ('1 second', '50 seconds', '5 minutes', '2.5 hours')
    """
    if seconds < 55:
        return count(max(1, round(seconds) if seconds < 10 else 10 * round(seconds / 10)), "second")
    if seconds < 5400:
        return count(max(1, round(seconds / 60)), "minute")
    return f"{seconds / 3600:.1f} hours"


def _outcome(found: Sensitivity) -> str:
    """What is asked about: `NPS`, `the plan's difference in NPS`."""
    label = METRICS[found.metric].label
    name = NAMES.get(found.metric, label if label.startswith("NPS") else label[:1].lower() + label[1:])
    return name if found.plan == AS_IS else f"the difference that {found.plan} makes in {name}"


def _may_equal(row: Row, first: Row, found: Sensitivity) -> bool:
    """Whether a number's interval reaches up into that of the first."""
    mine, theirs = _reach(row, found), _reach(first, found)
    return mine is not None and theirs is not None and mine[1] >= theirs[0]


def _reach(row: Row, found: Sensitivity) -> tuple[float, float] | None:
    """From where to where the size of a number's effect likely lies."""
    if found.method != "tornado":
        name = "mu_star" if found.method == "morris" else "ST"
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        return None if low is None else (low, high)
    end = max(("at_low", "at_high"), key=lambda name: abs(row[name] or 0.0))
    if row[f"{end}_from"] is None:
        return None
    low, high = sorted(abs(row[f"{end}_{side}"]) for side in ("from", "to"))
    return low, high


def _tornado_told(row: Row, found: Sensitivity) -> str:
    ends = [f"{_end(row, f'at_{end}', found)} at {_number(row[end])}" for end in ("low", "high") if row[f"at_{end}"]]
    return f"{' and '.join(ends)}, against {_number(row['value'])} as said"


def _morris_told(row: Row, found: Sensitivity) -> str:
    span = interval(row["mu_star_low"], row["mu_star_high"], *_unit(found))
    return (
        f"from {_number(row['low'])} to {_number(row['high'])} it moves it by "
        f"{figure(row['mu_star'], *_unit(found))} (likely {span})"
    )


def _sobol_told(row: Row, found: Sensitivity) -> str:
    if row["ST"] is None:
        return "so says the screening"
    return f"{_part(row['ST'])} of what it varies ({_shares(row, 'ST')}), {_part(row['S1'])} by it alone"


TOLD: Final[dict[str, Callable[[Row, Sensitivity], str]]] = {
    "tornado": _tornado_told,
    "morris": _morris_told,
    "sobol": _sobol_told,
}
"""What a number does, in the words of each method."""


def _table(found: Sensitivity) -> str:
    """What each number does, the strongest first; those that change nothing are left out."""
    rows = [row for row in found.rows if row["class"] != "nothing" and not row.get("screened")][:SHOWN]
    lines = [
        (_short(row["name"]), f"{_number(row['low'])} to {_number(row['high'])}", *_cells(row, found)) for row in rows
    ]
    heads: dict[str, Sequence[str]] = {
        "tornado": ("at its low", "at its high"),
        "morris": ("effect", "likely between", "varies", "noise"),
        "sobol": ("in all", "likely between", "alone", "likely between", "noise"),
    }
    return table(("number", "range", *heads[found.method], ""), lines)


def _cells(row: Row, found: Sensitivity) -> tuple[str, ...]:
    """The figures of a number."""
    verdict = CLASSES[row["class"]]
    if found.method == "tornado":
        return (_end(row, "at_low", found), _end(row, "at_high", found), verdict)
    if found.method == "morris":
        size, varies, floor = (figure(row[name], *_unit(found)) for name in ("mu_star", "sigma", "floor"))
        return (size, interval(row["mu_star_low"], row["mu_star_high"], *_unit(found)), varies, floor, verdict)
    if row["ST"] is None:
        return ("–", "", "–", "", "", verdict)
    alone = (_part(row["S1"]), _shares(row, "S1"))
    return (_part(row["ST"]), _shares(row, "ST"), *alone, percent(row["floor"]), verdict)


def _rest(found: Sensitivity) -> str:
    """The numbers that the table leaves out."""
    told = []
    left = [row for row in found.rows if row["class"] != "nothing" and not row.get("screened")][SHOWN:]
    if left:
        told.append(f"{count(len(left), 'further number')} with less: --json has them all.")
    screened = [row for row in found.rows if row.get("screened")]
    if screened:
        stronger = [row["name"] for row in screened if row["class"] == "matters"]
        points = count(found.trajectories or 0, "starting point")
        told.append(
            f"Morris screening of all {len(found.rows)} numbers ({points}) came first: {len(screened)} left out."
        )
        if stronger:
            told.append(f"Of these, {listed(stronger)} would matter too, but less.")
    nothing = [row["name"] for row in found.of_class("nothing")]
    if nothing:
        told.append(f"The same to the last bit whatever it is: {listed(nothing)}.")
    return "\n".join(told)


def _failures(found: Sensitivity) -> str:
    """The runs that failed, and why the first of them did."""
    if not found.failures:
        return ""
    first = found.failures[0]
    some = ", ".join(f"{path} = {_number(value)}" for path, value in list(first.values.items())[:3])
    return f"{count(len(found.failures), 'run')} failed and are left out, the first of them ({some}): {first.why}"


def _caveat(found: Sensitivity) -> str:
    return (
        f"{caveat(found.replications)}\n"
        "A range counts as it is written (here in the model's own units, days and shares): a wider one matters more."
    )


def _end(row: Row, name: str, found: Sensitivity) -> str:
    """The difference at one end: `+3.1 (2.2 to 4.0)`."""
    value, low, high = row[name], row[f"{name}_from"], row[f"{name}_to"]
    if value is None:
        return "failed"
    if value == 0 and low == high:
        return "="
    return f"{_change(value, found)} ({_span(row, f'{name}_from', f'{name}_to', found)})"


def _change(value: float, found: Sensitivity) -> str:
    return figure(value, *_unit(found), sign=True)


def _span(row: Row, low: str, high: str, found: Sensitivity) -> str:
    if row[low] is not None and row[low] == row[high]:
        return "in every run"
    return interval(row[low], row[high], *_unit(found), sign=True)


def _part(share: float) -> str:
    """An estimated share: none is below 0 or above all, though its estimate may be."""
    return percent(min(1.0, max(0.0, share)))


def _shares(row: Row, name: str) -> str:
    """The interval of a share: `88 to 100 %`."""
    low, high = (100 * min(1.0, max(0.0, row[f"{name}_{end}"])) for end in ("low", "high"))
    return f"{low:.0f} to {high:.0f} %"


def _unit(found: Sensitivity) -> tuple[str, str | None]:
    return METRICS[found.metric].unit, found.scenario.currency


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1].rstrip()}…"


def _number(value: float) -> str:
    """A number of the scenario, in the model's own unit, to three figures.

    >>> _number(0.03124), _number(72.0), _number(14250.0)
    ('0.0312', '72', '14,250')
    """
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
