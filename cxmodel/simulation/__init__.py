"""Simulation: from a request to a result, one run or thousands, on threads here or on a cluster."""
