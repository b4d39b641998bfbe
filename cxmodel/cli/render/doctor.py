"""The installation as the verb `doctor` tells it: versions, cores, speed, risky settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxmodel.report.text.numbers import count

if TYPE_CHECKING:
    from cxmodel.simulation.diagnosis import Diagnosis


def installation(found: Diagnosis) -> str:
    """What this installation is like, and what may make it slow or its numbers others than elsewhere."""
    speed, cores = found.speed, count(found.cores, "core")
    facts = [
        *found.versions.items(),
        ("Engine", f"{speed.visits / 1e6:.1f} million visits a second on one of {cores}"),
        ("", f"ready after {speed.loading:.1f} s, compiled code kept in {found.cache or 'no folder'}"),
        ("Runs", f"saved in {found.archive}"),
    ]
    width = max(len(name) for name, _ in facts)
    risks = "".join(f"\n- {risk}" for risk in found.risks)
    told = f"Worth mending:{risks}" if risks else "Nothing here makes it slow or its numbers others than elsewhere."
    return "\n".join([*(f"{name:<{width}}  {value}" for name, value in facts), "", told])
