"""The spool: what a device captured and the daemon has not yet receipted, on disk before anybody is told."""
