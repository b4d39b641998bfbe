"""The four numbers of a result as cards, as the report shows them too."""

from cxmodel.report.cards import cards

__all__ = ["cards"]
