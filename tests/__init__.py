"""Tests, in rooms as the package is."""
