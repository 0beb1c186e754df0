"""Reads one app each: raw notification in, outcome out. Wording stands in catalogues, structure in code."""
