"""Which model made a number: a fingerprint of the code that numbers come from. Knows its files, not what they do.

In a checkout the model may change while the version of the package stays: what was made by another model is told
apart by this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

COUNTED: Final = (
    "engine",
    "model",
    "results/customer_journeys.py",
    "results/estimates.py",
    "results/metrics.py",
    "results/tables.py",
    "results/timeline.py",
    "results/touchpoints.py",
    "scenario/fields",
    "scenario/validation/changes.py",
    "simulation/replications.py",
    "vocabulary.py",
)
"""Files and folders of the package that a number may change with; reading, wording and drawing are not among them."""


def of(engine: str) -> str:
    """The fingerprint of the model as an engine plays it: of the reference, its files are counted as well."""
    return model() if engine == "fast" else _seal((*COUNTED, "reference"))


def model() -> str:
    """The fingerprint of the model as it is installed here: sixteen hexadecimal digits."""
    return _seal(COUNTED)


@cache
def _seal(counted: tuple[str, ...]) -> str:
    seal = hashlib.sha256()
    for name, content in sources(counted):
        seal.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return seal.hexdigest()[:16]


def sources(counted: tuple[str, ...] = COUNTED) -> Iterator[tuple[str, bytes]]:
    """The counted files by name, with their text; the same for every way of ending a line."""
    package = Path(__file__).parents[1]
    for name in counted:
        place = package / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            yield file.relative_to(package).as_posix(), file.read_bytes().replace(b"\r\n", b"\n")
