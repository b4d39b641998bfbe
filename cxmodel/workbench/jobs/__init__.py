"""Work behind the pages: the queue, results on their way, studies, comparisons and reports."""
