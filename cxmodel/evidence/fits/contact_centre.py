"""What a call log tells of a desk: handling, patience, arrivals, hours, the share solved, and the agents it implies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import chi2, t

from cxmodel.evidence.fits.fit import Fit, Fitted, Suggestion, Unfitted, together
from cxmodel.evidence.fits.intervals import TAIL, Interval, poisson_rate, wilson
from cxmodel.evidence.fits.pictures import Bar, Bars, Curve, Curves
from cxmodel.evidence.fits.wording import decimal, duration, percent, span
from cxmodel.evidence.tables import CallLog
from cxmodel.model.queueing import erlang_a
from cxmodel.vocabulary import humanise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.vocabulary import Floats

LEAST: Final = 30
"""Calls without which nothing is fitted."""
LEAST_GIVEN_UP: Final = 10
"""Callers who gave up without whom patience is not told."""
MOST_AGENTS: Final = 2000
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SLOTS: Final = 48
"""Half-hours of a day."""
_DAY: Final = 86_400


def fit_calls(log: CallLog, source: str) -> Fitted:
    """All that a log tells of each of its desks; see the functions of this module."""
    parts = []
    for place, desk in enumerate(log.desk):
        own = (log.which == place) & ~np.isnat(log.arrival)
        parts.append(_desk(_only(log, own), desk, source))
    return together(parts)


def _only(log: CallLog, own: NDArray[np.bool_]) -> CallLog:
    """Some of the calls, in the order in which they came."""
    rows = np.flatnonzero(own)
    rows = rows[np.argsort(log.arrival[rows], kind="stable")]
    return CallLog(
        log.desk, log.which[rows], log.arrival[rows], log.wait[rows], log.answered[rows], log.handling[rows],
        log.solved[rows],
    )  # fmt: skip


def _desk(log: CallLog, desk: str, source: str) -> Fitted:
    name, calls = humanise(desk), len(log.which)
    if calls < LEAST:
        why = f"There are {calls} calls: at least {LEAST} are needed, and several hundred tell it well."
        return Fitted(unfitted=(Unfitted(name, why),))
    as_of = str(log.arrival[-1].astype("datetime64[M]"))
    return together(
        [
            fit_handling(log, desk, source, as_of),
            fit_patience(log, desk, source, as_of),
            fit_arrivals(log, desk, source, as_of),
            fit_solved(log, desk, source, as_of),
            fit_agents(log, desk, source, as_of),
        ]
    )


def _path(desk: str, key: str) -> tuple[str, ...]:
    return "journey", desk, "staffed", key


def fit_handling(log: CallLog, desk: str, source: str, as_of: str = "") -> Fitted:
    """Mean handling time [seconds] and its spread over the mean (lognormal, equation 8), of the calls of one desk.

    The mean is that of the calls, whatever their law, with an interval on the scale of its logarithm; the spread is
    that of the logarithms, so that a few endless calls do not make it.
    """
    name = f"{humanise(desk)}: handling time"
    times = log.handling[log.answered & (log.handling > 0)]
    if len(times) < LEAST:
        return Fitted(unfitted=(Unfitted(name, f"{len(times)} handling times are told: {LEAST} are needed."),))
    if np.ptp(times) == 0:
        return Fitted(unfitted=(Unfitted(name, f"All {len(times):,} handling times are the same."),))
    n, mean, logs = len(times), float(times.mean()), np.log(times)
    variance = float(logs.var(ddof=1))
    cv = math.sqrt(math.expm1(variance))
    # of a lognormal law, mu + variance / 2 has this error (Cox's method, Zhou & Gao 1997); of any other, the mean's own
    error = max(math.sqrt(variance / n + variance**2 / (2 * (n - 1))), float(times.std(ddof=1)) / mean / math.sqrt(n))
    reach = float(t.ppf(1 - TAIL, n - 1)) * error
    low, high = mean * math.exp(-reach), mean * math.exp(reach)
    narrow, wide = (math.sqrt(math.expm1(variance * (n - 1) / float(chi2.ppf(at, n - 1)))) for at in (1 - TAIL, TAIL))
    answered = f"{n:,} answered calls"
    first, last = np.quantile(logs, [0.001, 0.999]).tolist()
    along = np.exp(np.linspace(first, last, 60))
    observed = np.asarray(np.searchsorted(np.sort(times), along, side="right") / n)
    middle, sd = float(logs.mean()), math.sqrt(variance)
    fitted = 0.5 * (1 + np.vectorize(math.erf)((np.log(along) - middle) / (sd * math.sqrt(2))))
    curve = Curve("Finished", along, observed, along, fitted)
    return Fitted(
        (
            Fit(
                _path(desk, "handling"), name, mean, low, high, "seconds", n, source,
                f"A call takes {duration(mean)} on average ({span(low, high, duration)}; {answered}).", as_of,
            ),
            Fit(
                ("assumptions", "handling_cv"), f"{humanise(desk)}: spread of handling", cv, narrow, wide, "ratio", n,
                source, f"Handling times spread by {decimal(cv)} times their mean ({span(narrow, wide, decimal)};"
                f" {answered}).", as_of,
            ),
        ),
        pictures=(Curves(name, "Handling time [seconds]", "Share finished by then [0-1]", (curve,)),),
    )  # fmt: skip


def fit_patience(log: CallLog, desk: str, source: str, as_of: str = "") -> Fitted:
    """Mean patience [seconds], exponential (equation 8), of the calls of one desk.

    Who was answered would have waited longer still: a censored time. All waiting over those who gave up is then the
    maximum-likelihood estimate (Mandelbaum & Zeltyn 2007), its interval of the chi-squared law.
    """
    name = f"{humanise(desk)}: patience"
    known = np.isfinite(log.wait) & (log.wait >= 0)
    waits, gave_up = log.wait[known], ~log.answered[known]
    events, total = int(gave_up.sum()), float(waits.sum())
    if events < LEAST_GIVEN_UP or total <= 0:
        why = f"{events:,} callers gave up: at least {LEAST_GIVEN_UP} are needed, and 270 tell patience to a tenth."
        return Fitted(unfitted=(Unfitted(name, why),))
    value = total / events
    slow, fast = poisson_rate(events, total)
    low, high = 1 / fast, 1 / slow
    says = (
        f"Callers give up after {duration(value)} on average ({span(low, high, duration)}; {len(waits):,} calls,"
        f" {percent(events / len(waits))} of them given up)."
    )
    fit = Fit(_path(desk, "patience"), name, value, low, high, "seconds", len(waits), source, says, as_of)
    at, observed = _still_waiting(waits, gave_up)
    along = np.linspace(0.0, float(at[-1]), 80)
    curve = Curve("Still waiting", at, observed, along, np.exp(-along / value))
    picture = Curves(name, "Waiting time [seconds]", "Share who would still wait [0-1]", (curve,))
    return Fitted((fit,), pictures=(picture,))


def _still_waiting(waits: Floats, gave_up: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Share who would still wait (Kaplan & Meier 1958) at up to 60 times [seconds] at which somebody gave up."""
    order = np.argsort(waits, kind="stable")
    given_up = gave_up[order]
    at_risk = len(waits) - np.arange(len(waits))
    kept = np.cumprod(1 - given_up / at_risk)[given_up]
    some = np.unique(np.linspace(0, len(kept) - 1, 60).astype(int))
    return waits[order][given_up][some], kept[some]


def _calendar(log: CallLog) -> tuple[NDArray[np.int64], NDArray[np.int64], int, int]:
    """Day of each call from the first on, its half-hour, weekday of the first day (0 Monday), and how many days."""
    seconds = log.arrival.astype("datetime64[s]").astype(np.int64)
    days, within = np.divmod(seconds, _DAY)
    first = int(days.min())
    return days - first, within * _SLOTS // _DAY, (first + 3) % 7, int(days.max()) - first + 1


def opening(log: CallLog) -> NDArray[np.bool_]:
    """In which half-hours of the week calls come in, shape (7, 48) from Monday on.

    Closed is a run of two or more half-hours in which hardly any come (a twentieth of what is usual), so that an odd
    call or a dull half-hour opens and closes nothing; a weekday with a twentieth of the usual calls is closed.
    """
    days, slots, weekday, _ = _calendar(log)
    counts = np.bincount((days + weekday) % 7 * _SLOTS + slots, minlength=7 * _SLOTS).reshape(7, _SLOTS)
    usual = float(np.median(counts[counts > 0]))
    working = counts.sum(1) > 0.05 * counts.sum(1).max()
    every = counts[working].sum(0)
    shut = _runs(every <= 0.05 * np.median(every[every > 0]))
    found = np.zeros((7, _SLOTS), dtype=bool)
    for day in np.flatnonzero(working):
        busy = (counts[day] > 0.05 * usual) & ~shut
        inside = np.flatnonzero(busy)
        if len(inside) == 0:
            continue
        found[day, inside[0] : inside[-1] + 1] = True
        found[day] &= ~shut
    return found


def _runs(shut: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Only those that have a neighbour, midnight being one."""
    return shut & (np.roll(shut, 1) | np.roll(shut, -1))


def _hours(open_slots: NDArray[np.bool_]) -> object:
    """Opening hours as the scenario writes them; nothing where a day is open in several parts."""
    week = []
    for day in open_slots:
        starts = np.flatnonzero(day & ~np.append(False, day[:-1]))
        ends = np.flatnonzero(day & ~np.append(day[1:], False)) + 1
        if len(starts) > 1:
            return None
        week.append(f"{_clock(starts[0])}-{_clock(ends[0])}" if len(starts) else "closed")
    if len(set(week)) == 1:
        return week[0]
    written: dict[str, str] = {}
    first = 0
    for day in range(1, 8):
        if day == 7 or week[day] != week[first]:
            key = _DAYS[first] if day - first == 1 else f"{_DAYS[first]}-{_DAYS[day - 1]}"
            written[key] = week[first]
            first = day
    return written


def _clock(slot: int) -> str:
    return f"{slot // 2:02}:{slot % 2 * 30:02}"


def fit_arrivals(log: CallLog, desk: str, source: str, as_of: str = "") -> Fitted:
    """Calls per open hour of one desk, in all, by hour of the day and by weekday; and the opening hours seen.

    The interval of all goes by how days of one weekday differ; where there are fewer than two weeks, and by hour and
    weekday, it is Poisson's or that, whichever is wider. The calls are all calls, those of the model's customers too.
    """
    name = f"{humanise(desk)}: calls"
    days, slots, weekday, number = _calendar(log)
    open_slots = opening(log)
    weekdays = (np.arange(number) + weekday) % 7
    hours = open_slots[weekdays].sum(1) / 2
    if hours.sum() <= 0:
        return Fitted(unfitted=(Unfitted(name, "No hour of the week has calls regularly."),))
    in_hours = open_slots[weekdays[days], slots]
    perday = np.bincount(days[in_hours], minlength=number)
    calls, exposure = int(perday.sum()), float(hours.sum())
    rate = calls / exposure
    low, high = _rate_interval(perday, hours, weekdays)
    opened = f"{calls:,} calls in {exposure:,.0f} open hours"
    says = f"{decimal(rate)} calls an open hour come in ({span(low, high, decimal)}; {opened})."
    fits = [Fit((), name, rate, low, high, "per hour", calls, source, says, as_of)]
    bars = []
    table = np.bincount(days[in_hours] * 24 + slots[in_hours] // 2, minlength=number * 24).reshape(number, 24)
    table_open = open_slots[weekdays].reshape(number, 24, 2).sum(2) / 2
    for hour in np.flatnonzero(table_open.sum(0)):
        within = table_open[:, hour] > 0
        bounds = _rate_interval(table[within, hour], table_open[within, hour], weekdays[within])
        own = float(table[within, hour].sum() / table_open[within, hour].sum())
        bars.append(Bar(f"{hour:02}:00", own, *bounds))
        fits.append(_part(f"{name} from {hour:02}:00", own, bounds, int(table[within, hour].sum()), source, as_of))
    for day in np.flatnonzero(open_slots.any(1)):
        within = (weekdays == day) & (hours > 0)
        if within.any():
            bounds = _rate_interval(perday[within], hours[within], weekdays[within])
            own = float(perday[within].sum() / hours[within].sum())
            fits.append(_part(f"{name} on {_DAYS[day]}", own, bounds, int(perday[within].sum()), source, as_of))
    suggestions, unfitted = [], []
    written = _hours(open_slots)
    if written is None:
        unfitted.append(Unfitted(f"{humanise(desk)}: hours", "Some days are open in several parts."))
    else:
        told = ", ".join(f"{day} {time}" for day, time in written.items()) if isinstance(written, Mapping) else written
        seen = f"Calls come in at these hours: {told} ({calls:,} calls)."
        suggestions.append(Suggestion(_path(desk, "hours"), f"{humanise(desk)}: hours", written, calls, source, seen))
    pictures = (Bars(f"{name} by hour", "Calls per open hour", tuple(bars)),)
    return Fitted(tuple(fits), tuple(unfitted), tuple(suggestions), pictures)


def _part(name: str, rate: float, bounds: Interval, calls: int, source: str, as_of: str) -> Fit:
    says = f"{name}: {decimal(rate)} an hour ({span(*bounds, decimal)}; {calls:,} calls)."
    return Fit((), name, rate, *bounds, "per hour", calls, source, says, as_of)


def _rate_interval(counts: NDArray[np.int64], hours: Floats, weekdays: NDArray[np.int64]) -> Interval:
    """Interval of events per hour: Poisson's, widened by how days of one weekday differ beyond that."""
    low, high = poisson_rate(float(counts.sum()), float(hours.sum()))
    expected = np.zeros(len(counts))
    of_day = np.bincount(weekdays, counts, 7) / np.maximum(np.bincount(weekdays, hours, 7), 1e-12)
    expected = of_day[weekdays] * hours
    some = expected > 0
    freedom = int(some.sum()) - len(np.unique(weekdays[some]))
    if freedom < 7:
        return low, high
    pearson = float(((counts[some] - expected[some]) ** 2 / expected[some]).sum())
    if pearson <= float(chi2.ppf(0.95, freedom)):
        return low, high
    rate = float(counts.sum() / hours.sum())
    wider = math.sqrt(pearson / freedom)
    return max(0.0, rate - (rate - low) * wider), rate + (high - rate) * wider


def fit_solved(log: CallLog, desk: str, source: str, as_of: str = "") -> Fitted:
    """Share of answered calls that settled the matter [0-1], with Wilson's interval, of the calls of one desk."""
    name = f"{humanise(desk)}: share solved"
    told = log.solved[log.answered & np.isfinite(log.solved)]
    if len(told) < LEAST:
        why = f"Of {len(told)} answered calls it is told whether they solved the matter: {LEAST} are needed."
        return Fitted(unfitted=(Unfitted(name, why),))
    share = float(told.mean())
    low, high = wilson(float(told.sum()), len(told))
    says = f"{percent(share)} of calls settle the matter ({span(low, high, percent)}; {len(told):,} answered calls)."
    return Fitted((Fit(_path(desk, "resolves"), name, share, low, high, "share", len(told), source, says, as_of),))


def fit_agents(log: CallLog, desk: str, source: str, as_of: str = "") -> Fitted:
    """How many agents the waiting implies, by Erlang A (equation 8) turned round, of the calls of one desk.

    Calls come as in the log by hour of the day where hours differ beyond chance, else evenly. The interval holds every
    number of agents whose mean wait lies within that of the log, which goes by how days differ.
    """
    name = f"{humanise(desk)}: agents"
    known = np.isfinite(log.wait) & (log.wait >= 0)
    handled = log.handling[log.answered & (log.handling > 0)]
    gave_up = int((known & ~log.answered).sum())
    if len(handled) < LEAST or gave_up < LEAST_GIVEN_UP:
        why = f"Handling times of {LEAST} calls and {LEAST_GIVEN_UP} callers who gave up are needed to tell."
        return Fitted(unfitted=(Unfitted(name, why),))
    handling, patience = float(handled.mean()), float(log.wait[known].sum()) / gave_up
    rates, parts = _hourly(log)
    days, _, _, number = _calendar(log)
    total = np.bincount(days[known], log.wait[known], number).astype(float)
    calls = np.bincount(days[known], minlength=number)
    mean = float(total.sum() / calls.sum())
    low, high = _ratio_interval(total, calls, mean)
    waits = _mean_waits(rates, parts, handling, patience, low)
    if waits is None:
        return Fitted(unfitted=(Unfitted(name, "Hardly anybody waits: any number of agents from some on would do."),))
    agents = np.arange(1, len(waits) + 1)
    best = int(agents[np.abs(np.log(np.maximum(waits, 1e-9) / mean)).argmin()])
    within = agents[(waits >= low) & (waits <= high)]
    least, most = min([best, *within[:1].tolist()]), max([best, *within[-1:].tolist()])
    says = (
        f"A mean wait of {duration(mean)} is that of {best} agents ({least} to {most}; {int(calls.sum()):,} calls"
        f" of {duration(handling)}, callers who give up after {duration(patience)})."
    )
    size = int(calls.sum())
    return Fitted((Fit(_path(desk, "agents"), name, best, least, most, "people", size, source, says, as_of),))


def _ratio_interval(total: Floats, calls: NDArray[np.int64], mean: float) -> Interval:
    """Interval of a mean over all calls, from sums by day."""
    days = int((calls > 0).sum())
    if days < 5:
        return mean / 2, mean * 2
    error = math.sqrt(float(((total - mean * calls) ** 2).sum()) * days / (days - 1)) / float(calls.sum())
    reach = float(t.ppf(1 - TAIL, days - 1)) * error / mean
    return mean * math.exp(-reach), mean * math.exp(reach)


def _hourly(log: CallLog) -> tuple[Sequence[float], Sequence[float]]:
    """Calls per second of open hours that differ, and the share of calls in each; one where none do beyond chance."""
    days, slots, weekday, number = _calendar(log)
    open_slots = opening(log)
    weekdays = (np.arange(number) + weekday) % 7
    exposure = np.bincount(weekdays, minlength=7) @ open_slots.reshape(7, 24, 2).sum(2) / 2
    inside = open_slots[weekdays[days], slots]
    counts = np.bincount(slots[inside] // 2, minlength=24)
    some = exposure > 0
    counts, exposure = counts[some], exposure[some]
    expected = exposure * counts.sum() / exposure.sum()
    pearson = float(((counts - expected) ** 2 / expected).sum())
    if len(counts) < 2 or pearson <= float(chi2.ppf(0.95, len(counts) - 1)):
        counts, exposure = counts.sum(keepdims=True), exposure.sum(keepdims=True)
    return (counts / exposure / 3600).tolist(), (counts / counts.sum()).tolist()


def _mean_waits(
    rates: Sequence[float], parts: Sequence[float], handling: float, patience: float, until: float
) -> Floats | None:
    """Mean wait [seconds] with 1, 2, … agents until it is less than `until`; nothing where that takes too many."""
    waits: list[float] = []
    while not waits or waits[-1] >= until:
        agents = len(waits) + 1
        if agents > MOST_AGENTS:
            return None
        waits.append(
            sum(
                part * erlang_a(rate * handling, agents, handling, patience)[2]
                for rate, part in zip(rates, parts, strict=True)
            )
        )
    return np.array(waits)
