"""The plug-in door: other people's parsers, found by their entry points and run in one child process."""
