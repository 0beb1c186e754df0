"""A client of any MQTT broker: one lasting link, one connection at a time."""
