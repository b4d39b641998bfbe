"""Scenarios that build on others: which files those are, in which order they count, and what must not be read.

A file's parents count before the file itself, and earlier parents before later ones; what counts later wins.
A file that is reached in two ways counts once, before everything that builds on it. `merge` lays one over
another; this module only knows files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cxmodel import workspace
from cxmodel.errors import ScenarioError
from cxmodel.scenario.faults import Fault, KeyPath, quote, shorten
from cxmodel.scenario.files import MAX_BYTES, near_name, text_of, unprintable
from cxmodel.scenario.yaml_text import merge
from cxmodel.scenario.yaml_text.document import BOM, Document, Mark, Source
from cxmodel.scenario.yaml_text.parser import Spent, read

MAX_FILES: Final = 50
"""Most files of one scenario."""
MAX_LEVELS: Final = 10
"""Most files on top of one another."""


@dataclass(slots=True, eq=False)
class _File:
    """One file of a scenario: where it is, what it says, which files it was reached through."""

    document: Document
    real: str
    """The file itself, every link on the way followed; what tells files apart."""
    folder: str
    """The folder its parents are looked for in."""
    written: str
    """How the file that builds on it calls it."""
    chain: tuple[_File, ...] = ()
    """The files that build on it, the scenario's own first."""
    parents: list[_File] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.document.name


def gather(text: str, name: str, path: str | os.PathLike[str] | None) -> Document:
    """What a text says together with all it builds on; without a path, it can build on nothing."""
    spent = Spent()
    document = read(text.removeprefix(BOM), name, spent=spent)
    if not document.plain or not any(key in document.plain for key in merge.LAYERING):
        return document
    if path is None and document.plain.get("extends") is not None:
        message = "a text that is not in a file cannot extend one: there is no folder to look in"
        fault = Fault("CXM114", ("extends",), message, "save it as a file, or leave out `extends`", at_key=True)
        document.faults.append((fault, document.mark(("extends",), at_key=True)))
        document.plain = {}
        return document
    folder = os.path.realpath(os.path.dirname(os.path.abspath(path or name)))
    own = _File(document, os.path.realpath(path or name), folder, name)
    reading = _Reading(workspace.top(Path(folder), workspace.SHARED), spent, len(text.encode("utf-8", "surrogatepass")))
    reading.visit(own)
    return reading.together(own)


class _Reading:
    """Reads every file that a scenario builds on, each once, under limits that hold for all of them together."""

    def __init__(self, boundary: Path, spent: Spent, size: int) -> None:
        self.boundary = boundary
        """The folder that parents of the scenario may not leave."""
        self.spent = spent
        self.size = size
        self.files: dict[str, _File] = {}
        self.order: list[_File] = []
        self.faults: merge.Faults = []

    def together(self, own: _File) -> Document:
        """One document of all files; only their faults, if one of them could not be had."""
        names = tuple(file.name for file in reversed(self.order))
        whole = Document(own.name, own.document.text, files=names)
        for file in self.order:
            whole.faults += file.document.faults
        if self.faults or any(file.document.faults and not file.document.plain for file in self.order):
            whole.faults += self.faults
            return whole
        removed: set[KeyPath] = set()
        for file in self.order:
            whole.faults += merge.lay(file.document, whole, removed, file is own)
        for file in self.order[:-1]:
            version, wanted = file.document.plain.get("schema"), whole.plain.get("schema")
            if version not in (None, wanted):
                message = (
                    f"`schema: {shorten(version)}` does not go with `schema: {shorten(wanted)}` of what builds on it"
                )
                fault = Fault("CXM214", ("schema",), message, "the same version in all files: `cxmodel migrate` them")
                whole.faults.append((fault, file.document.mark(("schema",))))
        return whole

    def visit(self, file: _File) -> None:
        """Read a file's parents, and theirs, and put the file behind them."""
        self.files[file.real] = file
        written = file.document.plain.get("extends")
        entries = [written] if isinstance(written, str) else written
        if entries is not None and not isinstance(entries, list):
            fault = Fault("CXM208", ("extends",), f"{quote(entries)} where a file should be", "`extends: base.yaml`")
            self.faults.append((fault, file.document.mark(("extends",))))
            entries = []
        if entries and len(entries) >= MAX_FILES:
            fault = Fault("CXM117", ("extends",), f"{len(entries):,} files to extend", f"{MAX_FILES} files in all")
            self.faults.append((fault, file.document.mark(("extends",))))
            entries = []
        for place, entry in enumerate(entries or ()):
            at = ("extends",) if entry is written else ("extends", str(place))
            parent = self.parent(file, entry, at)
            if isinstance(parent, Fault):
                self.faults.append((parent, file.document.mark(at)))
            elif parent is not None:
                file.parents.append(parent)
        self.order.append(file)

    def parent(self, file: _File, entry: object, at: KeyPath) -> _File | Fault | None:
        """The file that an entry names, read; or why it cannot be; None where that is told in the file itself."""
        if not isinstance(entry, str) or not entry.strip():
            return Fault("CXM208", at, f"{quote(entry)} where a file should be", "the name of a file: `base.yaml`")
        named = f"`{shorten(entry)}`"
        try:
            target = os.path.join(file.folder, entry)
            real = os.path.realpath(target)
        except (OSError, ValueError) as error:
            return Fault("CXM102", at, f"{named} cannot be read: {getattr(error, 'strerror', None) or error}", "a file")
        if not Path(real).is_relative_to(self.boundary):
            return Fault("CXM115", at, f"{named} lies outside the workspace", self.within)
        chain = (*file.chain, file)
        if real in [one.real for one in chain]:
            return _circle(chain, real, entry, at)
        found = self.files.get(real) or self.fetched(file, entry, real, target, at)
        return self.in_order(file, found, entry, at) if isinstance(found, _File) else found

    def fetched(self, file: _File, entry: str, real: str, target: str, at: KeyPath) -> _File | Fault | None:
        """A parent that was not read before, with its own parents."""
        named = f"`{shorten(entry)}`"
        chain = (*file.chain, file)
        if len(chain) >= MAX_LEVELS or len(self.files) >= MAX_FILES:
            few = f"at most {MAX_LEVELS} files on top of one another, and {MAX_FILES} in all"
            return Fault("CXM117", at, f"{named} is one file too many", few)
        if not os.path.lexists(real):
            near = near_name(Path(real), but=os.path.basename(file.real))
            hint = f"did you mean `{os.path.join(os.path.dirname(entry), near)}`?" if near else self.within
            return Fault("CXM101", at, f"there is no file {named}", hint)
        name = os.path.normpath(os.path.join(os.path.dirname(file.name), entry))
        try:
            text = text_of(real)
        except ScenarioError as error:
            problem = error.problems[0]
            return Fault(problem.code, at, f"{named}: {problem.message}", problem.expected or "a file that can be read")
        self.size += len(text.encode("utf-8"))
        if self.size > MAX_BYTES:
            few = f"at most {MAX_BYTES:,} bytes in all the files of a scenario"
            return Fault("CXM103", at, f"with {named} there are {self.size:,} bytes", few)
        text = text.removeprefix(BOM)
        source = Source(name, text, f"extends {shorten(entry)}", tuple(one.name for one in reversed(chain[1:])))
        if (strange := unprintable(text, name)) is not None:
            mark = Mark(strange.line - 1, strange.column - 1, 1, source)
            self.faults.append((Fault(strange.code, (), strange.message, strange.expected), mark))
            return None
        document = read(text, name, source, self.spent)
        parent = _File(document, real, os.path.realpath(os.path.dirname(target)), entry, chain)
        self.visit(parent)
        return parent

    def in_order(self, file: _File, parent: _File, entry: str, at: KeyPath) -> _File | Fault:
        """The parent, if it can win over those named before it; a file that they build on cannot."""
        if parent in file.parents:
            return Fault("CXM406", at, f"`{shorten(entry)}` is named twice", "name it once")
        places = {id(one): place for place, one in enumerate(self.order)}
        for before in file.parents:
            if places[id(parent)] < places[id(before)]:
                message = f"`{shorten(entry)}` is named last and should win, but `{shorten(before.written)}` "
                message += "builds on it, or on the two in another order"
                return Fault("CXM120", at, message, f"name it before `{shorten(before.written)}`, or leave it out")
        return parent

    @property
    def within(self) -> str:
        """Where parents may lie, in words."""
        return f"a file in {self.boundary}, the nearest folder with `.git` or `scenario.schema.json` (or its own)"


def _circle(chain: tuple[_File, ...], real: str, entry: str, at: KeyPath) -> Fault:
    """Files that build on each other in a circle, named in order."""
    first = next(place for place, one in enumerate(chain) if one.real == real)
    names = [one.name for one in chain[first:]]
    message = f"these files extend each other in a circle: {' → '.join([*names, names[0]])}"
    return Fault("CXM116", at, message, f"leave out `{shorten(entry)}` here, or `extends` in one of the others")
