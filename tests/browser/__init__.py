"""The real app in a real browser."""
