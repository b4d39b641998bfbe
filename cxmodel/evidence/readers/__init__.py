"""Readers: from files as companies have them to tables of numbers, with an account of what was dropped and why."""
