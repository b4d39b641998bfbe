"""Every chart of a result, by name: `CHARTS["journey"](result, baseline)`. Draws none itself."""

from cxmodel.report.charts import bars, customer_journey, journey, timeline, waterfall
from cxmodel.report.charts.base import CHARTS, Chart, Look, dress, png, svg

__all__ = [
    "CHARTS",
    "Chart",
    "Look",
    "bars",
    "customer_journey",
    "dress",
    "journey",
    "png",
    "svg",
    "timeline",
    "waterfall",
]
