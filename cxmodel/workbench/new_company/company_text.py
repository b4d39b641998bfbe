"""The text of a company while it is entered in tables: values and things changed, every reference kept right.

As long as nobody has written in the text, it is written anew with a comment over each part; afterwards only what
changes does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cxmodel.errors import CxModelError, ScenarioError, UsageError
from cxmodel.scenario import Scenario, loads
from cxmodel.scenario.defaults import DEFAULT
from cxmodel.scenario.describe.wording import singular
from cxmodel.scenario.editing import structure
from cxmodel.scenario.editing.save import edited
from cxmodel.scenario.editing.structure import Effect, Outcome
from cxmodel.scenario.faults import KeyPath
from cxmodel.scenario.fields.ids import id_of, label_beside
from cxmodel.scenario.workbook.comments import commented
from cxmodel.scenario.yaml_text.paths import REMOVE, OutOfRange, is_fact, value_at
from cxmodel.workbench.drafts.form import Form, entered
from cxmodel.workbench.drafts.store import Change

MOST_TOLD = 3


class Unclear(UsageError):
    """What was entered can mean several things, each as it would be entered in full."""

    def __init__(self, message: str, ways: tuple[str, ...]) -> None:
        super().__init__(message)
        self.ways = ways


def why(error: CxModelError) -> str:
    """Why something cannot be, with what would be right."""
    if not isinstance(error, ScenarioError):
        return str(error)
    told = (f"{each.message}: {each.expected}" if each.expected else each.message for each in error.problems)
    return "; ".join(list(told)[:MOST_TOLD])


class CompanyText:
    """A text, and ways to change it; each raises `UsageError` or `ScenarioError` where it cannot be."""

    def __init__(self, text: str, name: str, at: Path) -> None:
        self.text, self.name, self.at = text, name, at
        self.effects: list[Effect] = []
        self._read: tuple[str, Scenario] | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario that the text is."""
        if self._read is None or self._read[0] != self.text:
            self._read = self.text, loads(self.text, self.name, self.at)
        return self._read[1]

    @property
    def plain(self) -> dict[str, Any]:
        """The text as written."""
        return self.scenario.written

    def value(self, *path: str) -> Any:
        """What is written at a path, without its source; None for nothing."""
        return plainly(value_at(self.plain, path))

    def edit(self, edits: Mapping[KeyPath, Any]) -> None:
        """Set values, or remove them."""
        if edits:
            self.text = edited(self.text, edits.items(), self.name, self.at).text

    def drop(self, *paths: KeyPath) -> None:
        """Remove what is there of these."""
        plain = self.plain
        self.edit({path: REMOVE for path in paths if value_at(plain, path) is not REMOVE})

    def enter(self, path: KeyPath, raw: str) -> None:
        """Write what somebody has entered, as it was meant; a number outside an old one's range takes its place."""
        self.enter_all({path: raw})

    def enter_all(self, raws: Mapping[KeyPath, str]) -> None:
        """Write several entries at once."""
        scenario = self.scenario
        plain = scenario._document.plain
        form = Form(scenario, scenario, frozenset())
        edits: dict[KeyPath, Any] = {}
        for path, raw in raws.items():
            field = form.change(path) if "changes" in path else form.leaf(path)
            value, written = entered(field, raw, scenario.currency), value_at(plain, path)
            if is_fact(written) and written.get("note") == DEFAULT and value is not REMOVE:
                edits[path] = {"value": getattr(value, "value", value)}
            elif value is not REMOVE or written is not REMOVE:
                edits[path] = value
        try:
            self.edit(edits)
        except OutOfRange:
            if len(edits) > 1:
                raise
            bare = {path: {"value": getattr(value, "value", value)} for path, value in edits.items()
                    if is_fact(value_at(plain, path)) and value is not REMOVE}  # fmt: skip
            self.edit(edits | bare)

    def add(self, section: str, label: str, value: Mapping[str, Any], after: str = "") -> str:
        """A new thing under a name in any words, after another one if one is said; its id."""
        words = " ".join(label.split())
        if not words:
            raise UsageError("a name is missing")
        id = id_of(words, self.plain.get(section, {}), singular(section))
        beside = label_beside(id, words)
        named = {"label": beside, **value} if beside else dict(value)
        self.keep(structure.insert(self.text, section, id, named, after=after, name=self.name, at=self.at))
        return id

    def call(self, section: str, id: str, label: str) -> str:
        """Another name for a thing, and the id that goes with it; the id."""
        words = " ".join(label.split())
        if not words:
            raise UsageError("a name is missing: what was there stays")
        others = [each for each in self.plain[section] if each != id]
        new = id_of(words, others, singular(section))
        self.text = structure.rename(self.text, section, id, new, name=self.name, at=self.at).text
        beside = label_beside(new, words)
        self.text = structure.relabel(self.text, section, new, beside, name=self.name, at=self.at).text
        return new

    def duplicate(self, section: str, id: str) -> str:
        """A copy of a thing right after it, under a name that is not taken; the copy's id."""
        scenario = self.scenario
        taken = [scenario.label(section, each).casefold() for each in self.plain[section]]
        first = scenario.label(section, id)
        label = next(name for name in (f"{first} {number}" for number in range(2, 10_000))
                     if name.casefold() not in taken)  # fmt: skip
        new = id_of(label, self.plain[section], singular(section))
        beside = label_beside(new, label)
        self.keep(structure.duplicate(self.text, section, id, new, beside, name=self.name, at=self.at))
        return new

    def remove(self, section: str, id: str) -> None:
        """Take a thing out, with what cannot be without it."""
        self.keep(structure.remove(self.text, section, id, name=self.name, at=self.at))

    def move(self, section: str, id: str, *, before: str = "", after: str = "") -> None:
        """Put a thing before or after another one."""
        done = structure.move(self.text, section, id, before=before, after=after, name=self.name, at=self.at)
        self.text = done.text

    def keep(self, done: Outcome) -> None:
        """Take over what was done, and remember what else it reached."""
        self.text = done.text
        self.effects.extend(effect for effect in done.effects if effect.path != "journey")


@contextmanager
def tidy(company: CompanyText) -> Iterator[CompanyText]:
    """A text that nobody has written in is written anew, with its comments, once it is changed."""
    ours = company.text == commented(company.plain)
    yield company
    if ours:
        plain = company.plain
        company.text = commented({key: without_bare_facts(value) for key, value in plain.items()})


def change(act: Callable[[CompanyText], None]) -> Change:
    """Something done to a text, as drafts do it: in one step to undo."""

    def done(text: str, name: str, at: Path) -> Outcome:
        with tidy(CompanyText(text, name, at)) as company:
            act(company)
        return Outcome(company.text, tuple(company.effects))

    return done


def without_bare_facts(value: Any) -> Any:
    """The same with a number alone where nothing is said beside it."""
    if isinstance(value, dict):
        return value["value"] if [*value] == ["value"] else {k: without_bare_facts(v) for k, v in value.items()}
    return value


def plainly(value: Any) -> Any:
    """A value without its source; None for nothing."""
    if value is REMOVE:
        return None
    return value["value"] if is_fact(value) else value


def said(value: Any) -> str:
    """A number as one would type it; empty for nothing."""
    value = plainly(value)
    if value is None:
        return ""
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)
