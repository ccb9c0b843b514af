"""The page itself in one HTML file, with what a network left recorded inside: no server, no network."""
