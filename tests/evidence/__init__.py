"""Tests of what is read from a company's data, and fitted to it."""
