"""What a page shows: a scenario (a file or a draft of it) under a plan, of a segment. It lives in the page's address.

The text of the file or draft is the truth; widgets show it and change it through here, and keep nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cxmodel import workspace
from cxmodel.errors import CxModelError
from cxmodel.scenario import files, load
from cxmodel.scenario.faults import closest, shorten
from cxmodel.vocabulary import AS_IS, EVERYONE, LEVERS
from cxmodel.workbench.drafts.draft import Draft
from cxmodel.workbench.drafts.library import shelf
from cxmodel.workbench.drafts.my_plan import MINE, MOVED
from cxmodel.workbench.drafts.store import Change, Drafts, Edits

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.scenario.editing.structure import Outcome

FULL: Final = 30
"""Replications of a result, unless more are asked for."""
MOST: Final = 1000
"""Replications that a page may ask for."""


@dataclass(frozen=True, slots=True)
class View:
    """A scenario under a plan, where it comes from, and of whom figures are shown."""

    scenario: Scenario
    plan: str
    story: str = ""
    """Id of the file on the shelf; empty for a draft."""
    draft: Draft | None = None
    replications: int = FULL
    segment: str = EVERYONE

    @property
    def subject(self) -> str:
        """What it is about, edited or not: its file; an upload is about itself."""
        if self.draft is not None:
            return self.draft.source or self.draft.id
        return str(shelf()[self.story].resolve())

    def address(self) -> dict[str, str]:
        """The query parameters of a page that shows it."""
        where = {"draft": self.draft.id} if self.draft is not None else {"story": self.story}
        more = {"runs": str(self.replications)} if self.replications != FULL else {}
        whom = {"segment": self.segment} if self.segment != EVERYONE else {}
        return where | {"plan": self.plan} | whom | more

    @property
    def undecided(self) -> dict[str, str]:
        """The address without the plan: a page chooses the one that is worth most."""
        return {name: value for name, value in self.address().items() if name != "plan"}

    def on_plan(self, plan: str) -> View:
        """The same under another plan."""
        return replace(self, plan=plan)

    def of_segment(self, segment: str) -> View:
        """The same of another segment, or of `all`."""
        return replace(self, segment=segment)


@dataclass(frozen=True, slots=True)
class Misnamed:
    """Something that an address names and that is not there."""

    words: str
    """That it is not."""
    near: str
    """The nearest name; empty where none is near."""
    address: Mapping[str, str]
    """The query parameters of a page that shows what the nearest name stands for."""


def drafts() -> Drafts:
    """The drafts of the workspace."""
    return _drafts(workspace.folder())


@lru_cache(maxsize=4)
def _drafts(folder: Path) -> Drafts:
    return Drafts(folder)


def find(address: Mapping[str, str], before: str = AS_IS) -> View:
    """The view that an address stands for; what it names wrongly falls back to what is shown first.

    Where a plan of one's own was taken back, the plan `before` it is shown.

    Raises UsageError where there is no such draft, ScenarioError where it, or the file, is no scenario (any more).
    """
    replications = _count(address.get("runs", ""))
    if "draft" in address:
        draft = drafts().get(address["draft"])
        scenario = drafts().scenario(draft)
        whom = _segment(scenario, address.get("segment", ""))
        return View(scenario, _plan(scenario, address, before), draft=draft, replications=replications, segment=whom)
    files = shelf()
    story = address.get("story", "")
    story = story if story in files else next(iter(files))
    scenario = open_story(files[story])
    whom = _segment(scenario, address.get("segment", ""))
    view = View(scenario, _plan(scenario, address, before), story, replications=replications, segment=whom)
    for lever in LEVERS:
        level = _level(address.get(lever, ""))
        if level is not None and abs(level - today(scenario, lever)) > 1e-9:
            view = move(view, lever, level)
    return view


def undecided(address: Mapping[str, str]) -> bool:
    """Whether an address leaves open under which plan a scenario is seen."""
    return not {"plan", *LEVERS} & address.keys()


def misnamed(address: Mapping[str, str], seen: View) -> Misnamed | None:
    """What an address names that is not there, so that something else is seen."""
    story, plan, segment = (address.get(name, "") for name in ("story", "plan", "segment"))
    if story and seen.draft is None and story != seen.story:
        near = closest(story, shelf()) or ""
        words = f"There is no scenario {shorten(story)} here. {seen.scenario.name} is shown instead."
        return Misnamed(words, near, {"story": near})
    if plan and plan not in (MINE, AS_IS, *seen.scenario.plans):
        near = closest(plan, seen.scenario.plans) or ""
        return Misnamed(f"There is no plan {shorten(plan)} in this scenario.", near, seen.address() | {"plan": near})
    if segment and segment not in (EVERYONE, *seen.scenario.segments):
        near = closest(segment, seen.scenario.segments) or ""
        words = f"There is no segment {shorten(segment)} in this scenario. All customers are shown instead."
        return Misnamed(words, near, seen.address() | {"segment": near})
    return None


def open_story(file: Path) -> Scenario:
    """The scenario of a file, read again when the file has changed; raises ScenarioError."""
    status = file.stat()
    return _open(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _open(file: Path, modified: int, size: int) -> Scenario:
    return load(file)


def begun(view: View) -> Draft:
    """The draft of a view; one is begun where the file has not been changed yet."""
    return view.draft or drafts().open(shelf()[view.story])


@contextmanager
def _changing(view: View) -> Iterator[Draft]:
    """The draft of a view; one begun for a change that cannot be is taken away again."""
    draft = begun(view)
    try:
        yield draft
    except CxModelError:
        if view.draft is None:
            drafts().discard(draft.id)
        raise


def edited(view: View, edits: Edits) -> View:
    """The view after edits by path; raises what the draft raises, and changes nothing, where they cannot be."""
    with _changing(view) as draft:
        return shown(view, drafts().edit(draft.id, edits))


def foreseen(view: View, change: Change) -> Outcome:
    """What a change of a thing would come to; nothing is done yet. Raises what the change raises."""
    if view.draft is not None:
        return change(view.draft.text, view.draft.name, drafts().place(view.draft))
    file = shelf()[view.story]
    return change(files.text_of(file), file.name, file)


def changed(view: View, change: Change) -> View:
    """The view after a change of a thing; raises what the draft raises, and changes nothing, where it cannot be."""
    with _changing(view) as draft:
        return shown(view, drafts().change(draft.id, change))


def move(view: View, lever: str, level: float) -> View:
    """The view with a lever moved from today's place, or put back."""
    with _changing(view) as draft:
        return shown(view, *drafts().move_lever(draft.id, lever, level, view.plan))


def switch(view: View, initiative: str, on: bool) -> View:
    """The view with an initiative put into the plan, or taken out."""
    with _changing(view) as draft:
        return shown(view, *drafts().switch(draft.id, initiative, on, view.plan))


def take(view: View, initiatives: Sequence[str]) -> View:
    """The view under a plan of these initiatives: the one that has them, or one of one's own."""
    with _changing(view) as draft:
        return shown(view, *drafts().take(draft.id, initiatives))


def levers_back(view: View) -> View:
    """The view with every lever where it stands today."""
    with _changing(view) as draft:
        return shown(view, *drafts().levers_back(draft.id, view.plan))


def shown(view: View, draft: Draft, plan: str | None = None, instead: str = AS_IS) -> View:
    """A view of the draft as it is now, on the same plan where there still is one, else on the one `instead`."""
    scenario = drafts().scenario(draft)
    plan = next((one for one in (plan or view.plan, instead) if one in scenario.plans), AS_IS)
    whom = _segment(scenario, view.segment)
    return View(scenario, plan, draft=draft, replications=view.replications, segment=whom)


def text_of(view: View) -> tuple[str, str]:
    """A file name, and the text as it stands."""
    if view.draft is not None:
        return view.draft.name, view.draft.text
    file = shelf()[view.story]
    return file.name, files.text_of(file)


def moved(scenario: Scenario, plan: str) -> dict[str, float]:
    """The levers that a plan moves today, and where to."""
    if MOVED not in scenario.initiatives_of(plan):
        return {}
    changes = scenario.initiatives[MOVED].changes
    found = {}
    for lever in LEVERS:
        value = changes.get(f"levers.{lever}.level")
        if isinstance(value, int | float):
            found[lever] = float(value)
    return found


def today(scenario: Scenario, lever: str) -> float:
    """Where a lever stands in the file."""
    return float(getattr(scenario.levers, lever).level)


def _plan(scenario: Scenario, address: Mapping[str, str], before: str) -> str:
    plan = address.get("plan", "")
    if plan == MINE and MINE not in scenario.plans:
        plan = before if before in scenario.plans else AS_IS
    return plan if plan == AS_IS or plan in scenario.plans else _first(scenario)


def _segment(scenario: Scenario, name: str) -> str:
    """The segment of this name, where there is more than one to choose from."""
    return name if name in scenario.segments and len(scenario.segments) > 1 else EVERYONE


def _first(scenario: Scenario) -> str:
    return next(iter(scenario.plans), AS_IS)


def _level(text: str) -> float | None:
    try:
        level = float(text)
    except ValueError:
        return None
    return level if 0.0 <= level <= 1.0 else None


def _count(text: str) -> int:
    return min(MOST, int(text)) if text.isdecimal() and 0 < len(text) < 6 and int(text) > 0 else FULL
