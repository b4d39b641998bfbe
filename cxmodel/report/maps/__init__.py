"""The maps of a company: journey map, proposition and organisation. What they say stands apart from how it is drawn."""
