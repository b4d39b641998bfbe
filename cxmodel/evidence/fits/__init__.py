"""Fits: from tables of numbers to numbers of the model, each with its interval and a sentence that says it."""
