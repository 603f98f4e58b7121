"""Getting runs: which client is asked, for which account, and on which server."""
