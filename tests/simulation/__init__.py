"""Tests of `cxmodel.simulation`."""
