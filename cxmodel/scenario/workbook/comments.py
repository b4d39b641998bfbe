"""A scenario as a YAML text with a comment over each part, for whoever opens it in an editor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cxmodel.scenario.fields.introspection import told_of
from cxmodel.scenario.fields.json_schema import EDITOR_LINE
from cxmodel.scenario.fields.root import Root
from cxmodel.scenario.yaml_text.writer import to_yaml

SCALE: Final = "# Levels go from 0 to 100: 95 best anywhere, 75 good, 60 adequate, 40 people complain, 20 broken.\n"
FACTS: Final = (
    "# A number may say how sure it is and where it comes from:\n"
    "# {value: 70, low: 65, high: 75, source: our survey, as_of: 2026-06}\n"
)
PLAIN: Final = ("schema", "name", "question", "summary", "horizon", "currency")
"""Keys that need no comment."""


def commented(plain: Mapping[str, Any]) -> str:
    """The YAML text of a scenario: what each part is stands over it."""
    told = told_of(Root)
    text = EDITOR_LINE + SCALE + FACTS
    for key, value in plain.items():
        if key not in PLAIN:
            what = told.get(key, "").split("\n")[0].removesuffix(", by id.").removesuffix(".")
            text += f"\n# {what}\n" if what else "\n"
        text += to_yaml({key: value})
    return text
