"""The page named report, still to come."""

from cxmodel.workbench.view import View


def show(seen: View) -> None:
    """Nothing yet."""
