"""Tests of `cxmodel.results`."""
