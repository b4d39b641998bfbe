"""The table of touchpoints: where expectation and experience part, and which link of the chain loses how much.

gap1 know (insight), gap2 decide (priorities, policies), gap3 do (practices, people, platforms), gap4 say (promises,
communication, history). All columns rest on the same visits with the same weights, so the four add up to the gap.
`spend` is what the touchpoint takes, in money per year.
"""

from typing import Any

import numpy as np

from cxmodel.engine.inputs.world import World
from cxmodel.engine.outcome import LEVEL, PERCEIVED, STANDARD, WEIGHT
from cxmodel.results.estimates import bounds, estimate
from cxmodel.results.metrics import Run, share, total, window
from cxmodel.vocabulary import EVERYONE, MONTH, YEAR, Floats


def touchpoint_rows(run: Run) -> list[dict[str, Any]]:
    """One row per touchpoint, attribute and segment (and `all`) that anyone judged in the last 12 months."""
    world, route, months = run.world, run.world.route, window(run.world)
    felt = np.moveaxis(run.outcome.felt[:, months], 3, -1)  # (R, M, 4, T, A, S)
    felt = total(felt)
    weight = felt[:, :, WEIGHT]
    sums = felt.sum(1)
    fixed = {
        "needed": _weighted(weight, _needed(world)[months]),
        "pictured": _weighted(weight, _by_segment(world, world.pictured)[months]),
        "designed": _weighted(weight, _by_segment(world, world.designed)[months]),
    }
    visits = total(np.moveaxis(run.outcome.visits[:, months], 2, -1)).sum(1).mean(0)  # (T, S + 1)
    everything = sums[:, WEIGHT].sum((1, 2))  # (R, S + 1)
    promised = _promised(world, months)
    spend = _monthly(world.spend)[months].mean(0) * YEAR
    rows = []
    for t, touchpoint in enumerate(route.touchpoints):
        for a, attribute in enumerate(route.attributes[column] for column in route.touched[t]):
            for s, segment in enumerate([*route.segments, EVERYONE]):
                own = sums[:, :, t, a, s]
                weighed = own[:, WEIGHT].sum()
                if weighed <= 0:
                    continue
                mean = {name: float(column[:, t, a, s].sum() / weighed) for name, column in fixed.items()}
                delivered, perceived, expected = (
                    float(own[:, kind].sum() / weighed) for kind in (LEVEL, PERCEIVED, STANDARD)
                )
                spread = estimate(
                    share(own[:, STANDARD] - own[:, PERCEIVED], own[:, WEIGHT]), *bounds("expectation_gap")
                )
                gap = expected - perceived
                rows.append(
                    {
                        "touchpoint": touchpoint,
                        "attribute": attribute,
                        "segment": segment,
                        "visits": float(visits[t, s]),
                        "memory_share": float(weighed / everything[:, s].sum()),
                        **mean,
                        "delivered": delivered,
                        "promised": promised.get(attribute),
                        "expected": expected,
                        "perceived": perceived,
                        "gap": gap,
                        "gap_low": None
                        if spread.low is None
                        else max(-100.0, gap + spread.low - (spread.value or 0.0)),
                        "gap_high": None
                        if spread.high is None
                        else min(100.0, gap + spread.high - (spread.value or 0.0)),
                        "gap1": mean["needed"] - mean["pictured"],
                        "gap2": mean["pictured"] - mean["designed"],
                        "gap3": mean["designed"] - delivered,
                        "gap4": (delivered - perceived) + (expected - mean["needed"]),
                        "spend": float(spend[t]),
                    }
                )
    return rows


def contact_rows(run: Run) -> list[dict[str, Any]]:
    """Where contacts begin: touchpoint, cause (shortfall, failure), its share of them, low, high; over the horizon."""
    begun = run.outcome.causes.sum(1)  # (R, T, 2)
    everything = begun.sum((1, 2))
    rows = []
    for t, touchpoint in enumerate(run.world.route.touchpoints):
        for c, cause in enumerate(("shortfall", "failure")):
            found = estimate(share(begun[:, t, c], everything), 0.0, 1.0, seen=float(everything.sum()))
            if found.value:
                named = {"touchpoint": touchpoint, "cause": cause}
                rows.append({**named, "share": found.value, "low": found.low, "high": found.high})
    return rows


def _weighted(weight: Floats, levels: Floats) -> Floats:
    """Levels (M, T, A, S or 1) weighted by alpha x need weight, summed over months: (R, T, A, S + 1)."""
    return total((weight[..., :-1] * levels).sum(1))


def _by_segment(world: World, grid: Floats) -> Floats:
    """A grid of levels (D, T, A) per month and segment (M, T, A, S): a price is pictured and designed as it is."""
    levels = np.repeat(_monthly(grid)[..., None], len(world.route.segments), axis=-1)
    price = np.nan_to_num(_monthly(world.prices.level))  # (M, S)
    for t, slot in enumerate(world.route.priced.tolist()):
        if slot >= 0:
            levels[:, t, slot] = price
    return levels


def _monthly(grid: Floats) -> Floats:
    """Mean of each month of a grid by day."""
    months = int(np.ceil((len(grid) - 1) / MONTH - 1e-9))
    month = np.minimum(((np.arange(len(grid)) + 0.5) / MONTH).astype(int), months - 1)
    return np.stack([grid[month == m].mean(0) for m in range(months)])


def _needed(world: World) -> Floats:
    """Need per month, touchpoint, slot and segment (M, T, A, S), 0 where there is none."""
    spare = np.zeros((*world.need.shape[:2], 1))
    need = _monthly(np.concatenate([np.nan_to_num(world.need), spare], axis=2))  # (M, S, K + 1)
    columns = world.route.attribute.T  # (T, A)
    return np.moveaxis(need[:, :, columns], 1, -1)


def _promised(world: World, months: slice) -> dict[str, float]:
    """Level promised per attribute, promises weighted by reach and belief."""
    found: dict[str, list[tuple[float, float]]] = {}
    for promise in world.promises:
        heard = _monthly(promise.reach * promise.believed)[months].mean()
        level = _monthly(promise.level)[months].mean()
        found.setdefault(world.route.attributes[promise.attribute], []).append((float(level), float(heard)))
    return {
        attribute: sum(level * heard for level, heard in told) / sum(heard for _, heard in told)
        for attribute, told in found.items()
        if sum(heard for _, heard in told) > 0
    }
