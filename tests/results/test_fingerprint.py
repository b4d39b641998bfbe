"""The fingerprint of the model: every module that numbers come from is in it."""

from __future__ import annotations

from pathlib import Path

import grimp

from cxmodel.results.fingerprint import model, sources

TELL_AND_READ = {"cxmodel.errors", "cxmodel.recent", "cxmodel.scenario"}
"""Modules that the counted ones import although no number comes from them: errors, the LRU store, the front door."""
SOURCES_OF_NUMBERS = (
    "cxmodel.engine",
    "cxmodel.model",
    "cxmodel.results.metrics",
    "cxmodel.results.touchpoints",
    "cxmodel.results.timeline",
)


def named(module: str) -> str:
    """The file of a module inside the package."""
    return module.removeprefix("cxmodel.").replace(".", "/") + ".py"


def test_whatever_the_numbers_import_is_counted() -> None:
    """A change of any module that the engine, the model or the tables import directly is a change of the model."""
    graph = grimp.build_graph("cxmodel")
    counted = {name for name, _ in sources()}
    makers = [module for module in graph.modules if module.startswith(SOURCES_OF_NUMBERS)]
    needed = {each for module in makers for each in graph.find_modules_directly_imported_by(module)}
    rooms = {"engine.py", "engine/inputs.py", "model.py"}
    assert not {named(module) for module in needed - TELL_AND_READ} - counted - rooms


def test_every_counted_file_is_there(root: Path) -> None:
    """What is counted exists, the engine and the model as a whole."""
    found = {name for name, _ in sources()}
    rooms = {
        file.relative_to(root / "cxmodel").as_posix()
        for room in ("engine", "model")
        for file in (root / "cxmodel" / room).rglob("*.py")
    }
    assert rooms < found and len(model()) == 16
