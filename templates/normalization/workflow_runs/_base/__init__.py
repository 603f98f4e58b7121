"""What `Runs` and `AsyncRuns` do."""
