"""One draft as it lies on disk: a scenario's text, how it came about, and what of it is not valid yet.

Written in one step under a lock, so that it is never half there. Knows no scenario and no page.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from cxmodel.atomic_files import put_file
from cxmodel.errors import UsageError

if TYPE_CHECKING:
    from typing import Any

MOST_TEXTS: Final = 100
"""Steps that can be undone."""
MOST_LETTERS: Final = 8_000_000
"""Letters kept of those steps together; big scenarios can undo fewer."""
WAIT: Final = 20.0
"""Seconds to wait for another tab that is writing."""
_ID: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario that somebody is editing."""

    id: str
    """What the page's address calls it; nobody can guess it."""
    name: str
    """The name of its file."""
    source: str | None
    """The file it was opened from or saved to; None for an upload that was not saved yet."""
    base: str
    """The text as in the file when it was opened or last saved."""
    texts: tuple[str, ...]
    """Every text it has had, oldest first, as far as kept; all of them valid."""
    place: int
    """Which of the texts counts."""
    title: str
    """What the scenario is called."""
    changed: float
    """When it was last changed [seconds since 1970]."""
    wrong: str | None = None
    """What was written in the YAML tab and is not valid yet."""
    wrong_from: str | None = None
    """The text that was there when somebody began to write what is not valid yet."""
    own: bool = False
    """Whether its file was written by it: saving again replaces nothing that somebody else made."""
    typed: bool = False
    """Whether the last step was written in the YAML tab."""

    @property
    def text(self) -> str:
        """The text that counts."""
        return self.texts[self.place]

    @property
    def can_undo(self) -> bool:
        return self.place > 0

    @property
    def can_redo(self) -> bool:
        return self.place < len(self.texts) - 1

    def at(self, place: int) -> Draft:
        """The same with another of its texts."""
        return replace(self, place=min(max(place, 0), len(self.texts) - 1), typed=False)

    def then(self, text: str, *, over: bool = False) -> Draft:
        """The same with one more text; what was undone before is gone. `over` takes the place of the last one."""
        kept = [*self.texts[: self.place + (0 if over and self.place else 1)]]
        if kept[-1] != text:
            kept.append(text)
        while len(kept) > 2 and (len(kept) > MOST_TEXTS or sum(map(len, kept)) > MOST_LETTERS):
            del kept[0]
        return replace(self, texts=tuple(kept), place=len(kept) - 1, typed=False)


def new_id() -> str:
    """An id that nobody can guess."""
    return secrets.token_urlsafe(16)


def file_of(folder: Path, id: str) -> Path:
    """Where a draft lies. Raises `UsageError` for what is no id, such as a path out of the folder."""
    if not _ID.fullmatch(id):
        raise UsageError("this is no draft's address: open the company anew from Home")
    return folder / f"{id}.json"


def read(folder: Path, id: str) -> Draft:
    """The draft. Raises `UsageError` where there is none, or one that cannot be read."""
    file = file_of(folder, id)
    try:
        draft: Draft = _form().validate_json(file.read_bytes())
    except FileNotFoundError:
        raise UsageError("this draft is not on this computer: it was discarded, or made somewhere else") from None
    except OSError as error:
        raise UsageError(f"this draft cannot be read: {error.strerror or error}") from None
    except ValidationError:
        raise UsageError(f"this draft is damaged and cannot be read; what is left of it is in {file}") from None
    if draft.id != id or not 0 <= draft.place < len(draft.texts):
        raise UsageError(f"this draft is damaged and cannot be read; what is left of it is in {file}")
    return draft


def write(folder: Path, draft: Draft) -> None:
    """Put a draft in the place of what was there, in one step, for its owner's eyes only."""
    file = file_of(folder, draft.id)
    try:
        put_file(file, _form().dump_json(draft), mode=0o600)
    except OSError as error:
        raise UsageError(f"drafts cannot be kept in {folder}: {error.strerror or error}") from None


@contextlib.contextmanager
def locked(folder: Path, id: str) -> Iterator[None]:
    """Keep other tabs and other workbenches from writing a draft meanwhile."""
    file = file_of(folder, id)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_suffix(".lock"), timeout=WAIT, thread_local=False):
            yield
    except Timeout:
        raise UsageError("this draft is being written by another tab; try again") from None
    except OSError as error:
        raise UsageError(f"drafts cannot be kept in {folder}: {error.strerror or error}") from None


def remove(folder: Path, id: str) -> None:
    """Take a draft away."""
    file_of(folder, id).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        file_of(folder, id).with_suffix(".lock").unlink(missing_ok=True)


@cache
def _form() -> TypeAdapter[Any]:
    return TypeAdapter(Draft)
