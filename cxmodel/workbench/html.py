"""Text on its way into the page, as the report writes it too."""

from cxmodel.report.markup import text

__all__ = ["text"]
