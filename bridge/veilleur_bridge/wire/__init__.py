"""What devices and daemon tell each other beside envelopes (contract v1), with the standard library alone."""
