"""Where a conversation came from: its first message beside the openings that campaigns fill in beforehand."""
