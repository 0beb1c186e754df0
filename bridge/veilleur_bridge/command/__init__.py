"""`veilleur-bridge`: devices without the companion app, one subcommand each."""
