"""One module per provider: how its answers become runs."""
