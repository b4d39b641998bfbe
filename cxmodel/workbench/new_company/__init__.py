"""A new company, step by step: what it begins with, the tables that it is entered in, and what is still missing."""
