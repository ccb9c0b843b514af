"""What a file says: tables, texts, captions, words and the places of things in a picture."""
