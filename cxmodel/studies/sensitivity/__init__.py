"""Sensitivity: what matters most of all that nobody knows for sure (tornado, Morris, Sobol)."""
