"""Messages that an app shows without their times: which lines, posted again and again, are one, and which are new."""
