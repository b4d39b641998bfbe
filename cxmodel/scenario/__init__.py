"""What a user may write: a scenario is read from YAML, checked, and is from then on a frozen value."""

from cxmodel.scenario.fields.json_schema import json_schema
from cxmodel.scenario.scenario import Scenario, load, loads, validate
from cxmodel.scenario.stories import stories

__all__ = ["Scenario", "json_schema", "load", "loads", "stories", "validate"]
