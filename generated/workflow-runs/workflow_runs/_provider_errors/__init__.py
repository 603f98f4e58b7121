"""Why there is no run: the errors of providers, and what to do about each."""
