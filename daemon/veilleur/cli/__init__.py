"""The `veilleur` command: what a person types, and what comes back on their terminal."""
