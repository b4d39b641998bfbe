"""Drafts: scenarios that somebody is editing, kept on disk, so that a refresh or a second tab loses nothing.

The truth of an edited scenario is its draft's text; fields, levers and switches are edits of it, and only what is
valid gets there. Two tabs of one draft edit what is there now, each under the draft's lock. Knows no Streamlit.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from cxmodel import workspace
from cxmodel.errors import Problem, ScenarioError, UsageError
from cxmodel.scenario import Scenario, loads, stories
from cxmodel.scenario.describe.diff import Difference, diff
from cxmodel.scenario.editing.save import edited, exchange
from cxmodel.scenario.editing.structure import Outcome
from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.fields.ids import id_of
from cxmodel.scenario.files import MAX_BYTES, decoded, text_of, too_big
from cxmodel.scenario.workbook.xlsx import yaml_of
from cxmodel.scenario.yaml_text.paths import REMOVE
from cxmodel.workbench.drafts import draft as paper
from cxmodel.workbench.drafts import my_plan, revert, text_merge
from cxmodel.workbench.drafts.draft import Draft
from cxmodel.workbench.drafts.my_plan import MINE, MOVED

__all__ = ["MINE", "MOVED", "REMOVE", "Change", "Draft", "Drafts", "Edits", "ForeignFile"]

Edits = Mapping[str, Any] | Mapping[KeyPath, Any] | Mapping[str | KeyPath, Any]
"""New values by path; `REMOVE` takes away."""

Change = Callable[[str, str, Path], Outcome]
"""What is done to a text, by its name and where it lies, as if or in fact."""

TYPING: Final = 8.0
"""Seconds within which what is typed in the YAML tab is one step to undo."""
MOST_DRAFTS: Final = 2000
"""Files looked at for the drafts that were changed last."""


class ForeignFile(UsageError):
    """Saving would replace a file that is not the draft's own, or that somebody else has changed: it takes a yes."""


class Drafts:
    """The drafts of a workspace."""

    def __init__(self, folder: Path | None = None) -> None:
        self.workspace = (folder or workspace.folder()).resolve()
        self.folder = workspace.drafts(self.workspace)

    def open(self, source: Path) -> Draft:
        """A new draft of a scenario file. Raises `ScenarioError` for a file that is wrong."""
        source = source.resolve()
        return self._new(source.name, text_of(source), source)

    def upload(self, name: str, content: str | bytes) -> Draft:
        """A new draft of a text or a workbook that was brought along. Raises `ScenarioError` for what is wrong."""
        if isinstance(content, bytes):
            content = yaml_of(content, name) if name.lower().endswith(".xlsx") else decoded(_file_name(name), content)
        name = _file_name(name)
        return self._new(name, content, None)

    def get(self, id: str) -> Draft:
        """The draft. Raises `UsageError` where there is none, or one that cannot be read."""
        return paper.read(self.folder, id)

    def edit(self, id: str, edits: Edits) -> Draft:
        """The draft with values set or removed, each other byte as it was.

        Raises `ScenarioError` or `UsageError`, the draft untouched, where the result would not be valid.
        """
        with self._writing(id) as draft:
            return self._edited(draft, edits)

    def call(self, id: str, name: str) -> Draft:
        """The draft with its scenario called otherwise; what was never saved goes by that name too."""
        if not name.strip():
            raise UsageError("a name is missing: the old one stays")
        with self._writing(id) as draft:
            done = self._edited(draft, {"name": name.strip()})
            if draft.source is None:
                done = self._keep(replace(done, name=f"{id_of(name, otherwise='company')}.yaml"))
            return done

    def change(self, id: str, change: Change) -> Draft:
        """The draft with a thing renamed, moved, duplicated, added or removed, and all that mentions it.

        Raises `ScenarioError` or `UsageError`, the draft untouched, where that cannot be.
        """
        with self._writing(id) as draft:
            done = change(draft.text, draft.name, self.place(draft))
            return draft if done.text == draft.text else self._titled(draft.then(done.text))

    def write(self, id: str, text: str, seen: str | None = None) -> Draft:
        """The draft with the text of the YAML tab; a wrong one is kept beside the last valid one.

        `seen` is the text as it was when somebody began to write: what changed since then stays changed.
        """
        with self._writing(id) as draft:
            if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
                raise ScenarioError([too_big(draft.name, len(text.encode("utf-8", "surrogatepass")))])
            begun = text_merge.shown(draft.text if seen is None else seen)
            text, now = text_merge.shown(text), text_merge.shown(draft.text)
            whole = text_merge.as_written(text_merge.together(begun, text, now), draft.text)
            try:
                scenario = self._read(draft, whole)
            except ScenarioError:
                return self._keep(replace(draft, wrong=text, wrong_from=begun))
            over = draft.typed and time.time() - draft.changed < TYPING and draft.wrong is None
            after = replace(draft.then(whole, over=over), wrong=None, wrong_from=None, title=scenario.name)
            return self._keep(replace(after, typed=whole != draft.text))

    def give_up_wrong(self, id: str) -> Draft:
        """The draft without what was written in the YAML tab and is not valid."""
        with self._writing(id) as draft:
            return self._keep(replace(draft, wrong=None, wrong_from=None))

    def undo(self, id: str) -> Draft:
        """The draft one step back; as it is where there is none."""
        with self._writing(id) as draft:
            return self._titled(draft.at(draft.place - 1))

    def redo(self, id: str) -> Draft:
        """The draft one step forward; as it is where there is none."""
        with self._writing(id) as draft:
            return self._titled(draft.at(draft.place + 1))

    def reset(self, id: str, path: str = "") -> Draft:
        """The draft with the file's value at a path, a whole part of it, or (without a path) all as in the file."""
        with self._writing(id) as draft:
            text = draft.base if not path else revert.restored(draft.base, draft.text, path, self._reader(draft))
            return self._titled(draft.then(text))

    def switch(self, id: str, initiative: str, on: bool, plan: str) -> tuple[Draft, str]:
        """An initiative put into, or taken out of, `my_plan`, made from the plan shown; the plan to show then."""
        return self._composed(id, lambda scenario: my_plan.switched(scenario, plan, initiative, on))

    def take(self, id: str, members: Sequence[str]) -> tuple[Draft, str]:
        """`my_plan` made of these initiatives, or the plan that has them; the plan to show then."""
        return self._composed(id, lambda scenario: my_plan.taken(scenario, members))

    def move_lever(self, id: str, lever: str, level: float, plan: str) -> tuple[Draft, str]:
        """A lever moved today, as an initiative in `my_plan`; back at today's level, it is as if never moved."""
        return self._composed(id, lambda scenario: my_plan.moved(scenario, plan, {lever: level}))

    def levers_back(self, id: str, plan: str) -> tuple[Draft, str]:
        """Every lever back where it stands today."""
        return self._composed(id, lambda scenario: my_plan.back(scenario, plan))

    def recent(self, most: int = 10) -> list[Draft]:
        """The drafts that were changed last, newest first; damaged ones are left out."""
        return list(self._recent(most))

    def discard(self, id: str) -> None:
        """Take a draft away; its file stays as it is."""
        paper.remove(self.folder, id)

    def restore(self, draft: Draft) -> None:
        """Put back a draft that was taken away."""
        with paper.locked(self.folder, draft.id):
            paper.write(self.folder, draft)

    def save(self, id: str, *, copy: bool = False, replacing: bool = False) -> Draft:
        """Write the draft's text into its file. A story that comes with cxmodel, and an upload, become a new file.

        Raises `UsageError`, nothing lost, where the YAML tab holds text that is not valid yet, and `ForeignFile` where
        the file is not the draft's own or was changed by somebody else since, unless it is `replacing` that. A `copy`,
        of the last valid text, replaces nothing.
        """
        with self._writing(id) as draft:
            if draft.wrong is not None and not copy:
                problems = len(self.problems(draft))
                raise UsageError(
                    f"The YAML tab holds text with {problems} problem{'s' if problems != 1 else ''}, and nothing was "
                    "written. Mend it there or go back to the last valid text, or save that as a copy."
                )
            if copy or _is_new(draft):
                return self._keep(self._copied(draft, _free(self.workspace, draft.name)))
            file = Path(str(draft.source))
            if not file.exists():
                _create(file, draft.text)
            elif (there := text_of(file)) != draft.text:
                if there != draft.base and not replacing:
                    raise ForeignFile(
                        f"{file.name} was changed by somebody else since you opened it. Nothing was written, and your "
                        "draft is safe."
                    )
                if not draft.own and not replacing:
                    raise ForeignFile(f"{file.name} was there before your draft. Nothing was written yet.")
                exchange(file, there, draft.text)
            return self._keep(replace(draft, base=draft.text, own=True))

    def save_as(self, id: str, name: str, *, replacing: bool = False) -> Draft:
        """Write the draft's valid text into another file of the workspace, which is the draft's file from then on.

        Raises `ForeignFile` where there is one of that name, unless it is `replacing` that; a story that comes with
        cxmodel is never replaced.
        """
        with self._writing(id) as draft:
            name = _file_name(name)
            file = self.workspace / name
            if _is_bundled(str(file)):
                raise UsageError(f"{name} is an example that comes with cxmodel: give your file another name.")
            if os.path.lexists(file) and not replacing:
                raise ForeignFile(f"There is a file {name} already. Nothing was written yet.")
            return self._keep(self._copied(draft, name))

    def target(self, draft: Draft) -> str:
        """The name of the file that saving writes."""
        return _free(self.workspace, draft.name) if _is_new(draft) else draft.name

    def rows(self, draft: Draft) -> list[Difference]:
        """What differs from the file, in words, each with the path that `reset` takes."""
        return list(_rows(self._read(draft, draft.base), self._read(draft, draft.text)))

    def scenario(self, draft: Draft) -> Scenario:
        """The scenario that the draft's text is."""
        return self._read(draft, draft.text)

    def original(self, draft: Draft) -> Scenario:
        """The scenario as in the file."""
        return self._read(draft, draft.base)

    def problems(self, draft: Draft) -> tuple[Problem, ...]:
        """What is wrong with what was written in the YAML tab, or odd about what counts."""
        try:
            if draft.wrong is not None:
                self._read(draft, draft.wrong)
        except ScenarioError as error:
            return error.problems
        return self.scenario(draft).warnings

    def place(self, draft: Draft) -> Path:
        """Where the draft's file is, or would be."""
        return Path(draft.source) if draft.source is not None else self.workspace / draft.name

    def _new(self, name: str, text: str, source: Path | None) -> Draft:
        scenario = loads(text, name, source or self.workspace / name)
        where = None if source is None else str(source)
        draft = Draft(paper.new_id(), name, where, text, (text,), 0, scenario.name, time.time())
        paper.write(self.folder, draft)
        return draft

    @contextmanager
    def _writing(self, id: str) -> Iterator[Draft]:
        with paper.locked(self.folder, id):
            yield self.get(id)

    def _edited(self, draft: Draft, edits: Edits) -> Draft:
        done = edited(draft.text, edits.items(), draft.name, self.place(draft))
        return draft if done.text == draft.text else self._titled(draft.then(done.text))

    def _composed(self, id: str, compose: Callable[[Scenario], my_plan.Composed]) -> tuple[Draft, str]:
        with self._writing(id) as draft:
            made = compose(self.scenario(draft))
            try:
                return self._edited(draft, made.edits(self.original(draft))), made.plan
            except ScenarioError:
                if not made.may_keep:
                    raise
            return self._edited(draft, made.kept().edits(self.original(draft))), my_plan.MINE

    def _titled(self, draft: Draft) -> Draft:
        return self._keep(replace(draft, title=self.scenario(draft).name))

    def _keep(self, draft: Draft) -> Draft:
        draft = replace(draft, changed=time.time())
        paper.write(self.folder, draft)
        return draft

    def _recent(self, most: int) -> Iterator[Draft]:
        try:
            files = [entry for _, entry in zip(range(MOST_DRAFTS), os.scandir(self.folder), strict=False)]
        except OSError:
            return
        named = [(entry.stat().st_mtime, entry.name) for entry in files if entry.name.endswith(".json")]
        for _, name in sorted(named, reverse=True):
            if most <= 0:
                return
            try:
                yield self.get(name.removesuffix(".json"))
            except UsageError:
                continue
            most -= 1

    def _copied(self, draft: Draft, name: str) -> Draft:
        """The draft, saved as a file of its own."""
        file, text = self.workspace / name, draft.text
        try:
            same = loads(text, name, file).hash == self.scenario(draft).hash
        except ScenarioError:
            same = False
        if not same:  # what it builds on is not beside it any more
            text = self.scenario(draft).to_yaml()
        if os.path.lexists(file):
            exchange(file, text_of(file), text)
        else:
            _create(file, text)
        after = replace(draft, name=name, source=str(file), base=text, own=True)
        return after if same else after.then(text)

    def _read(self, draft: Draft, text: str) -> Scenario:
        return _scenario(text, draft.name, str(self.place(draft)))

    def _reader(self, draft: Draft) -> revert.Reader:
        return revert.Reader(draft.name, self.place(draft))


@lru_cache(maxsize=64)
def _known(text: str, name: str, at: str, stamps: tuple[tuple[str, int, int], ...]) -> Scenario:
    return loads(text, name, at)


@lru_cache(maxsize=256)
def _files(text: str, name: str, at: str) -> tuple[str, ...]:
    return loads(text, name, at).files[1:]


def _scenario(text: str, name: str, at: str) -> Scenario:
    """The scenario of a text; read again when a file that it builds on has changed."""
    if "extends" not in text:
        return _known(text, name, at, ())
    return _known(text, name, at, tuple(_stamps(Path(at).parent, _files(text, name, at))))


def _stamps(folder: Path, files: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
    for file in files:
        try:
            status = (folder / file).stat()
            yield file, status.st_mtime_ns, status.st_size
        except OSError:
            yield file, 0, 0


@lru_cache(maxsize=64)
def _rows(before: Scenario, after: Scenario) -> tuple[Difference, ...]:
    return tuple(diff(before, after))


def _file_name(name: str) -> str:
    """A plain file name for what somebody brought along."""
    stem = re.sub(r"[^\w.-]+", "_", re.split(r"[/\\]", name)[-1]).strip("._") or "scenario"
    stem = re.sub(r"\.(ya?ml|xlsx)$", "", stem, flags=re.IGNORECASE)[:80]
    return f"{stem or 'scenario'}.yaml"


def _is_new(draft: Draft) -> bool:
    """Whether a draft has no file yet that it may be written to."""
    return draft.source is None or _is_bundled(draft.source)


def _is_bundled(source: str) -> bool:
    """Whether a file is one of the stories that come with cxmodel, which nobody overwrites."""
    return Path(source).resolve() in {file.resolve() for file in stories().values()}


def _free(folder: Path, name: str) -> str:
    """A file name that is not taken yet."""
    stem = re.sub(r"_\d+$", "", name.removesuffix(".yaml")) if (folder / name).exists() else name.removesuffix(".yaml")
    tried, number = f"{stem}.yaml", 1
    while os.path.lexists(folder / tried):
        number += 1
        tried = f"{stem}_{number}.yaml"
    return tried


def _create(file: Path, text: str) -> None:
    """Write a file that was not there."""
    try:
        with file.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{file} has just been made by somebody else; nothing was written: try again") from None
    except OSError as error:
        raise UsageError(f"{file}: the file cannot be written: {error.strerror or error}") from None
