"""Tests of `cxmodel.scenario`."""
