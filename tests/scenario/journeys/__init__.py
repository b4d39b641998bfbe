"""Tests of `cxmodel.scenario.journeys`."""
