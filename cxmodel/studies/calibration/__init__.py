"""Calibration: what a company's series say of the numbers that no single table of its data gives."""
