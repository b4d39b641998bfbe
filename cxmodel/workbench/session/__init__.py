"""What one reader sees and does: the address, the view it names, widgets bound to it, edits and navigation."""
