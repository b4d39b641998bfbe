"""Journeys that were drawn elsewhere: a Mermaid diagram or a journey map in a table, read and made a scenario of."""
