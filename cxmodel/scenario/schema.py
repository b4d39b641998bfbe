"""The JSON Schema (2020-12) of the language, for editors; made from the same fields that read it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator

from cxmodel.scenario.fields import CHANGEABLE
from cxmodel.scenario.problems import Fault, quote
from cxmodel.scenario.units import refuse

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
VERSION: Final = 1
"""Version of the language."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file."""
    raise NotImplementedError
