"""Settings, logging, clock and wiring: the only layer that constructs things, a module for each role."""
