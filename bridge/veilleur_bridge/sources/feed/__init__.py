"""RSS and Atom feeds as a source: fetched politely, read carefully, told once."""
