"""What a user may write: a scenario is read from YAML, checked, and is from then on a frozen value."""

from cxmodel.scenario.language import Scenario
from cxmodel.scenario.load import load, loads, validate
from cxmodel.scenario.schema import json_schema
from cxmodel.scenario.stories import stories

__all__ = ["Scenario", "json_schema", "load", "loads", "stories", "validate"]
