"""Optimisation: the best use of a budget, among all sets of initiatives it allows."""
