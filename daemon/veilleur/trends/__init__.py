"""What stands out in what was captured: bursts, trends, communities of hashtags, forwards, crossings."""
