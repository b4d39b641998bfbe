"""A scenario as a spreadsheet: what its sheets are, how it is written as one, how one is read."""
