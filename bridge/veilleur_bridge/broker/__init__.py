"""The embedded broker: NATS with MQTT and JetStream, a supervised child process."""
