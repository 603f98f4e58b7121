"""References: which run is meant, and its text form."""
