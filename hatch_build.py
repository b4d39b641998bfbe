"""What the wheel carries besides the package: the page, its settings and the stories, so that they need no checkout.

An editable install takes nothing along: there `cxmodel` finds them beside the package, never a stale copy.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TRAVELS = {
    "app.py": "cxmodel/_app/app.py",
    ".streamlit/config.toml": "cxmodel/_app/.streamlit/config.toml",
    "scenarios": "cxmodel/_stories",
}


class Travellers(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            build_data["force_include"].update(TRAVELS)
