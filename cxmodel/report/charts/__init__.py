"""Every chart, as Vega-Lite and as SVG, with its table twin and its words for who cannot see it."""
