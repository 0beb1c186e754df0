"""The line itself: decode, screen, parse, commit; and reading the raw log again."""
