"""Mentions and the raw log as files and feeds that other programs open."""
