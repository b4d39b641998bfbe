"""What a YAML parser could not read, in plain words and where the reader would look."""

from __future__ import annotations

from typing import Final

import yaml

from cxmodel.scenario.document import Mark, lines_of
from cxmodel.scenario.problems import Fault, shorten


def explain(error: yaml.YAMLError, text: str) -> tuple[Fault, Mark | None]:
    """What the parser could not read, in plain words and where the reader would look."""
    problem = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    message, hint, opening = (
        f"this is not YAML: {shorten(problem, 120)}",
        "check indentation and colons near here",
        False,
    )
    for part, told in _SYNTAX.items():
        if part in problem or part in str(getattr(error, "context", "")):
            message, hint, opening = told
            break
    if opening:
        mark = getattr(error, "context_mark", None) or mark
    if mark is None:
        return Fault("CXM105", (), message, hint), None
    line = next((line for place, line in enumerate(lines_of(text)) if place == mark.line), "")
    if line[: mark.column + 1].isspace() and "\t" in line[: mark.column + 1]:
        message, hint = "this line is indented with a tab", "indent with spaces"
    elif "cannot start any token" in problem and mark.column < len(line):
        message = f"a text cannot start with `{line[mark.column]}`"
    return Fault("CXM105", (), message, hint), Mark(mark.line, mark.column, 1)


_SYNTAX: Final = {
    "quoted scalar": ("these quotes are not closed", "close the quotes", True),
    "flow mapping": ("this bracket is not closed", "close it with `}`; commas between the entries", True),
    "flow sequence": ("this bracket is not closed", "close it with `]`; commas between the entries", True),
    "mapping values are not allowed": (
        "there is one colon too many in this line, or its key is not in line with the others",
        "a text with a colon in it needs quotes; keys that belong together start in the same column",
        False,
    ),
    "cannot start any token": ("a text cannot start with this character", "put the text in quotes", False),
    "could not find expected ':'": (
        "this is neither a key nor its value",
        "a key, a colon, a space: `key: value`",
        True,
    ),
    "document start": (
        "there is more text after the scenario has ended",
        "check the quotes and brackets above this line",
        False,
    ),
    "block mapping": (
        "this does not belong to the lines above",
        "keys that belong together start in one column",
        False,
    ),
    "block collection": (
        "this does not belong to the list above",
        "entries of a list start in one column",
        False,
    ),
}
"""Part of the parser's words -> what is wrong, what would be right, point at where it opened?."""
