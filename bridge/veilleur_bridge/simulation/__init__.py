"""A tablet of the project's own making: invented or replayed traffic through a real device program."""
