"""The fields of a scenario: what may be written, with type, unit, bounds and help."""
