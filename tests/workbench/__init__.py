"""Tests of `cxmodel.workbench`."""
