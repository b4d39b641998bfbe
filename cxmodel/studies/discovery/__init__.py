"""Discovery: in which worlds a plan fails, and what they have in common (PRIM)."""
