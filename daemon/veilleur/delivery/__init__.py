"""Sending out: receivers and how each is reached, what is tried again and when, and following mentions live."""
