"""Measures the full line: replay of a long log, and the same through a broker beside `mosquitto_sub`."""
