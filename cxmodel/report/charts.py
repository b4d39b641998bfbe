"""Every chart of a result, by name: `CHARTS["journey"](result, baseline)`. Draws none itself."""

from cxmodel.report import curves, journey
from cxmodel.report.drawing import CHARTS, Chart, Look, dress, png, svg

__all__ = ["CHARTS", "Chart", "Look", "curves", "dress", "journey", "png", "svg"]
