"""Watches: what they hold now, what comes in for them, and when a condition on them would have told somebody."""
