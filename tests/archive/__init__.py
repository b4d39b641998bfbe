"""Tests of `cxmodel.archive`."""
