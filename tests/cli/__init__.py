"""Tests of `cxmodel.cli`."""
