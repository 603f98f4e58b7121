"""One module per event: how its body becomes a run."""
