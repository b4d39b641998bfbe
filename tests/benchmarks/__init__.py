"""How fast the engine is, as ratios to a ruler taken in one run. Figures, not tests."""
