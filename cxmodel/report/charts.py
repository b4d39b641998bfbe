"""Every chart of a result, by name: `CHARTS["journey"](result, baseline)`. Draws none itself."""

from cxmodel.report import bars, curves, journey, lives, waterfall
from cxmodel.report.drawing import CHARTS, Chart, Look, dress, png, svg

__all__ = ["CHARTS", "Chart", "Look", "bars", "curves", "dress", "journey", "lives", "png", "svg", "waterfall"]
