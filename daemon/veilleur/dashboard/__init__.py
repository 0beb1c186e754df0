"""Pages for people, rendered here on the server; they show no mention until somebody can sign in."""
