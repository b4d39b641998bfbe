"""Changes of scenario files: which layer an edit goes to, how it is saved, how a file gets to the newest language."""
