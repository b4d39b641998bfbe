"""Tests of `cxmodel.model`."""
