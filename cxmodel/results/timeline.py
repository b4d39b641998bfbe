"""The table of months: states at the end of each month, flows during it, month 0 as the run starts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from cxmodel.engine.outcome import PERCEIVED, STANDARD, WEIGHT
from cxmodel.results.estimates import bounds, estimate
from cxmodel.results.metrics import Run, share, total
from cxmodel.vocabulary import METRICS, MONTH, YEAR, Floats

SERIES: Final = (
    "expectation_gap",
    "satisfaction",
    "nps",
    "nps_everyone",
    "nps_lost",
    "customers",
    "churn_monthly",
    "contacts_per_customer",
    "wait_minutes",
)
"""What is followed over time."""


def timeline_rows(
    courses: Mapping[str, tuple[int, Floats]], seen: Mapping[str, Floats], segments: Sequence[str]
) -> list[dict[str, Any]]:
    """month, metric, segment, value, low, high, unit; `seen` is what stands behind what is counted."""
    rows = []
    for name, (first, values) in courses.items():
        unit = METRICS[name].unit if name in METRICS else "people"
        for month in range(values.shape[1]):
            for column, segment in enumerate(segments):
                behind = float(seen[name][month, column]) if name in seen else None
                figure = estimate(values[:, month, column], *bounds(name), seen=behind)
                if figure.value is not None:
                    rows.append(
                        {
                            "month": month + first,
                            "metric": name,
                            "segment": segment,
                            **figure._asdict(),
                            "unit": unit,
                        }
                    )
    return rows


def seen(run: Run) -> dict[str, Floats]:
    """Per counted metric, how many people or years stand behind it, all replications together (months, S + 1)."""
    o = run.outcome
    now, former, days = (total(some.sum(0)) for some in (o.customers, o.former, o.days))
    return {
        "nps": now,
        "nps_everyone": now + former,
        "nps_lost": former,
        "churn_monthly": days / MONTH,
        "contacts_per_customer": days / YEAR,
    }


def courses(run: Run) -> dict[str, tuple[int, Floats]]:
    """Per metric its first month and its values (R, months, S + 1)."""
    o = run.outcome
    felt = o.felt.sum((4, 5))  # (R, M, 4, S)
    pro, con = o.promoters, o.detractors
    everyone = total(pro - con + o.former_promoters - o.former_detractors)
    calls = share(o.waiting, o.calls)[:, :, None]
    unknown = np.full((*calls.shape[:2], o.customers.shape[2]), np.nan)
    return {
        "expectation_gap": (
            1,
            share(total(felt[:, :, STANDARD] - felt[:, :, PERCEIVED]), total(felt[:, :, WEIGHT])),
        ),
        "satisfaction": (0, share(total(o.satisfaction), total(o.customers))),
        "nps": (0, 100 * share(total(pro - con), total(o.customers))),
        "nps_everyone": (0, 100 * share(everyone, total(o.customers + o.former))),
        "nps_lost": (0, 100 * share(total(o.former_promoters - o.former_detractors), total(o.former))),
        "customers": (0, total(o.customers)),
        "churn_monthly": (1, share(total(o.left), total(o.days) / MONTH)),
        "contacts_per_customer": (1, share(total(o.contacts), total(o.days) / YEAR)),
        "wait_minutes": (1, 1440 * np.concatenate([unknown, calls], axis=2)),
    }
