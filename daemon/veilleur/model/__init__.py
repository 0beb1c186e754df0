"""The records that every layer speaks: mentions, outcomes, ids, scope and errors."""
