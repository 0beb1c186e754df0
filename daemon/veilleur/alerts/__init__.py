"""Alerts: what rules find worth telling, when people are told, and in which words."""
