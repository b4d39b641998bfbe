"""From a file to its text, with limits kept before anything is read."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from cxmodel.errors import Problem, ScenarioError
from cxmodel.scenario.faults import closest

MAX_BYTES = 1_000_000
"""Most bytes of a scenario."""


def text_of(path: str | os.PathLike[str]) -> str:
    """The text of a file, or a `ScenarioError` that says why it cannot be had."""
    file = Path(path)
    name = os.fspath(path)
    try:
        status = file.stat()
        size = status.st_size
        if file.is_dir():
            raise ScenarioError([Problem("CXM102", name, message="this is a folder", expected="a file in it")])
        if not stat.S_ISREG(status.st_mode):
            raise ScenarioError([Problem("CXM102", name, message="this is no file", expected="a YAML file")])
        if size > MAX_BYTES:
            raise ScenarioError([too_big(name, size)])
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioError([_missing(file, name)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError([Problem("CXM102", name, message=f"the file cannot be read: {reason}")]) from None
    return decoded(name, content)


def decoded(name: str, content: bytes) -> str:
    """The text of a file's bytes, or a `ScenarioError` that says why they are none."""
    if len(content) > MAX_BYTES:
        raise ScenarioError([too_big(name, len(content))])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"this is not a text in UTF-8 (line {line})"
        raise ScenarioError([Problem("CXM104", name, message=message, expected="a YAML file saved as UTF-8")]) from None


def too_big(name: str, size: int) -> Problem:
    message = f"the file is too big: {size:,} bytes"
    return Problem("CXM103", name, message=message, expected=f"a scenario has at most {MAX_BYTES:,} bytes")


def _missing(file: Path, name: str) -> Problem:
    """A file that is not there, with the one that may be meant."""
    if not file.parent.is_dir():
        return Problem("CXM101", name, message=f"there is no folder {file.parent}")
    near = near_name(file)
    hint = f"did you mean {file.parent / near}?" if near else "the path of a scenario file"
    return Problem("CXM101", name, message="there is no such file", expected=hint)


def near_name(file: Path, but: str = "") -> str | None:
    """The file beside one that is not there whose name is nearest to it."""
    try:
        with os.scandir(file.parent) as listing:
            names = [entry.name for _, entry in zip(range(2000), listing, strict=False)]
    except OSError:
        return None
    return closest(file.name, [name for name in names if name != but])


_STRANGE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def unprintable(text: str, name: str) -> Problem | None:
    """A character that no text file holds."""
    match = _STRANGE.search(text)
    if match is None:
        return None
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - text.rfind("\n", 0, match.start())
    message = f"this is not a text: it holds the control character {ord(match[0]):#04x}"
    return Problem("CXM104", name, line, column, message=message, expected="a YAML file saved as UTF-8")
