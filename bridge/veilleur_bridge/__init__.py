"""From an app's notification to an Envelope in hand. Never imports `veilleur`."""
