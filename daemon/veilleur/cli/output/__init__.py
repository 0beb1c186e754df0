"""How records are written: tables for people, JSON and CSV for programs."""
