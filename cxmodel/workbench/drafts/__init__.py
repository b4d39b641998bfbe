"""Scenarios being changed in the browser: drafts, their store and history, the library of stories, merging of text."""
