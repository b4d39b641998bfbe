"""What several rooms of tests need: small worlds, people, servers."""
