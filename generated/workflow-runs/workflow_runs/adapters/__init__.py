"""One module per provider: how its responses become runs."""
