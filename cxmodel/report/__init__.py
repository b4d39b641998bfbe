"""What a result looks like to people: sentences, figures, charts and their table twins. Draws no pages."""
