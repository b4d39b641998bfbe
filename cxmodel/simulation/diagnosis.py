"""What this installation is like: versions, cores, speed of the engine, place of its compiled code, risky settings."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

STORY: Final = "pretty_app"
"""The story whose first replications tell the speed."""
REPLICATIONS: Final = 4
PACKAGES: Final = ("numpy", "numba", "simpy", "pandas", "pydantic", "streamlit")
RISKY: Final = {
    "NUMBA_DISABLE_JIT": "the engine runs uncompiled, a thousand times as slowly; remove it unless you debug",
    "NUMBA_BOUNDSCHECK": "every access of an array is checked, which costs time; remove it unless you debug",
    "NUMBA_DEBUGINFO": "the engine is compiled for a debugger, which costs time; remove it unless you debug",
    "NUMBA_OPT": "the engine is compiled with another optimisation than it was tested with",
    "PYTHONMALLOC": "another allocator of memory than Python's own may cost much time",
}
"""Variables of the environment that make the engine another one than the one that is tested."""


class Speed(NamedTuple):
    """How fast the engine is on this computer."""

    loading: float
    """Seconds until the compiled engine was there, compiling included where it had to be."""
    visits: float
    """Visits in a second of one core's work."""


class Diagnosis(NamedTuple):
    """What an installation is like."""

    versions: dict[str, str]
    cores: int
    speed: Speed
    cache: str | None
    """The folder in which compiled code is kept; None where it is compiled in every process anew."""
    archive: str
    risks: list[str]

    def document(self) -> dict[str, Any]:
        """The diagnosis as one JSON document."""
        return {**self._asdict(), "speed": self.speed._asdict()}


def diagnose() -> Diagnosis:
    """Look at this installation; the engine is compiled where it is not yet."""
    from cxmodel.workspace import folder

    speed = measured()
    return Diagnosis(versions(), os.cpu_count() or 1, speed, cache(), str(folder()), risks(folder()))


def warm() -> None:
    """Compile the engine, and keep what it compiles to, where that is not done yet."""
    _played()


def versions() -> dict[str, str]:
    """Versions by what has one."""
    own = {"cxmodel": importlib.metadata.version("cxmodel"), "Python": platform.python_version()}
    system = {"System": f"{platform.system()} {platform.release()}, {platform.machine()}"}
    return own | {name: importlib.metadata.version(name) for name in PACKAGES} | system


def measured() -> Speed:
    """The speed of the engine here."""
    begun = time.perf_counter()
    warm()
    loading, busy = time.perf_counter() - begun, time.process_time()
    visits = _played()
    return Speed(loading, visits / (time.process_time() - busy))


def cache() -> str | None:
    """The folder in which compiled code is kept; None where neither the package's nor the user's can be written."""
    from cxmodel.engine.journeys import live_until

    kept = getattr(live_until, "stats", None)
    return None if kept is None or kept.cache_path is None else str(kept.cache_path)


def risks(archive: Path) -> list[str]:
    """What may make this installation slow, or its numbers others than elsewhere."""
    found = [f"{name}={os.environ[name]}: {why}" for name, why in RISKY.items() if os.environ.get(name, "0") != "0"]
    if cache() is None and not os.environ.get("NUMBA_DISABLE_JIT"):
        found.append(
            "Compiled code cannot be kept: neither the folder of cxmodel nor your own cache can be written, so every"
            " process compiles the engine anew, for half a minute. Name a folder with NUMBA_CACHE_DIR."
        )
    found += _untested()
    place = next(folder for folder in (archive, *archive.parents) if folder.is_dir())
    if not os.access(place, os.W_OK):
        found.append(f"Runs cannot be kept: {archive} cannot be written. Name another folder with CXMODEL_ARCHIVE.")
    return found


def _untested() -> list[str]:
    """Packages of versions that cxmodel was not tested with."""
    from packaging.requirements import Requirement

    needed = (Requirement(text) for text in importlib.metadata.requires("cxmodel") or ())
    found = []
    for each in needed:
        if each.marker is None and not each.specifier.contains(
            version := importlib.metadata.version(each.name), prereleases=True
        ):
            found.append(f"{each.name} {version} is not of the versions that cxmodel is tested with: {each.specifier}")
    return found


def _played() -> int:
    """Visits of the first replications of a story; their past is played once."""
    from cxmodel.results.request import RunRequest
    from cxmodel.scenario import load
    from cxmodel.scenario.stories import stories
    from cxmodel.simulation.replications import part_of

    return int(part_of(RunRequest(load(stories()[STORY])), range(REPLICATIONS)).outcome.visits.sum())
