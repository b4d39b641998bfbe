"""Tests of `cxmodel.studies`."""
