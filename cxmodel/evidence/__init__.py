"""A company's own data: read, checked, and fitted to the numbers that a scenario needs, each with its interval."""
