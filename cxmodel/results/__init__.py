"""Results: the figures of a run with their intervals, the tables they stand in, and who made them."""
