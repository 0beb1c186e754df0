"""Where deliveries come from: a broker, or a log file in one of the known formats."""
