"""The desk here: the questions of `model.desk`, answered by this machine's database."""
