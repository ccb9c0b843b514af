"""What reports come to: settings and seeds counted, sentences chosen by the counts, what a page and figures show."""
