"""What is said of results and studies: sentences, tables and numbers as text."""
