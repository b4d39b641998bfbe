"""Tests of `cxmodel.engine`."""
