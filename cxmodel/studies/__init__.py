"""Studies: what several runs say together.

A study names the runs that it wants (`RunRequest`) and is a pure function of their results, so that whoever plays them,
the command line, a notebook or the page in the background, gets the same answer. Knows no page and no files.
"""
