"""Scenarios in words: values with their units, and what differs between two of them."""
