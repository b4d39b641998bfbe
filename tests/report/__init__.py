"""Tests of `cxmodel.report`."""
