"""What every part of a scenario is made of: frozen, no unknown keys; texts, ids, fields that may change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticUndefined

from cxmodel.scenario.faults import Fault, one_of, quote, suggestion
from cxmodel.scenario.fields.quantity import refuse


class FieldGroup(BaseModel):
    """A part of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


CHANGEABLE: Final = "changeable"
"""Marks, in a field's JSON Schema, a number that initiatives and futures may change over time."""


def changeable(default: Any = PydanticUndefined, **more: Any) -> Any:
    """A field whose numbers initiatives and futures may change."""
    return Field(default, json_schema_extra={CHANGEABLE: True}, **more)


def written(default: Any) -> Any:
    """A field whose default is given as one would write it, such as `24 months`."""
    return Field(default)


def _text(value: object) -> object:
    """A text; a number written where a text belongs is its text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        code = "CXM212" if value is None else "CXM208"
        refuse(Fault(code, (), f"{quote(value)} where a text is needed", "a text"))
    if len(value) > 5000:
        refuse(Fault("CXM204", (), f"a text of {len(value):,} characters", "at most 5,000 characters"))
    return value


_MEANT: Final = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}


def _switch(value: object) -> object:
    """True or false; `no` and `off` are words."""
    if not isinstance(value, bool):
        meant = _MEANT.get(str(value).casefold())
        hint = f"did you mean `{meant}`?" if meant else "`true` or `false`"
        refuse(Fault("CXM216", (), f"{quote(value)} is neither true nor false", hint))
    return value


def _unique(value: object) -> object:
    """A list that names nothing twice."""
    seen: set[str] = set()
    faults = []
    for place, word in enumerate(value if isinstance(value, list) else ()):
        if isinstance(word, str) and word in seen:
            faults.append(Fault("CXM406", (str(place),), f"{quote(word)} is named twice", "name it once"))
        elif isinstance(word, str):
            seen.add(word)
    if faults:
        refuse(*faults)
    return value


VERSION: Final = 1
"""Version of the language that this code reads."""


def _version(value: object) -> object:
    """The version of the language; there is only one so far."""
    if isinstance(value, int) and value > VERSION and not isinstance(value, bool):
        message = f"this is written for a newer cxmodel: schema version {quote(value)}"
        refuse(Fault("CXM214", (), message, f"install the newest cxmodel; this one reads `schema: {VERSION}`"))
    if value != VERSION or isinstance(value, bool):
        refuse(Fault("CXM214", (), f"schema version {quote(value)} is not known here", f"`schema: {VERSION}`"))
    return value


SchemaVersion = Annotated[Literal[1], BeforeValidator(_version)]
ID_PATTERN: Final = r"^[a-z][a-z0-9_]{0,63}$"
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, strict=True)]
"""A name that other parts of the scenario use, in snake_case."""
Text = Annotated[str, BeforeValidator(_text)]
Switch = Annotated[bool, BeforeValidator(_switch)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_unique)]
"""A list of ids, each at most once."""


def _on_one_line(text: str) -> str:
    """A text without line ends and blanks that nobody sees."""
    return " ".join(text.split())


class Labelled(FieldGroup):
    """A part of a scenario that has an id, and may be called by any words in any script beside it."""

    label: Annotated[Text, AfterValidator(_on_one_line)] = Field("", max_length=120)
    """What people call it, in any words and script; its id in words where not set."""


def choice(*words: str, what: str, code: str = "CXM207") -> BeforeValidator:
    """One of a few words, with a did-you-mean."""

    def check(value: object) -> object:
        if value not in words:
            hint = suggestion(value, words)
            refuse(Fault(code, (), f"{quote(value)} is not a {what}", hint + _all(hint, words)))
        return value

    return BeforeValidator(check)


def words(*allowed: str) -> WithJsonSchema:
    """What an editor needs to know of a choice whose words stand in a table."""
    return WithJsonSchema({"type": "string", "enum": list(allowed)})


def _all(hint: str, words: Sequence[str]) -> str:
    """All the words, where they are few and the did-you-mean shows only one."""
    return f" ({one_of(words)})" if hint.startswith("did you") and len(words) < 10 else ""
