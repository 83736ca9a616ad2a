"""Long runs of what `make test` does in short: every part counts, and names its failures."""
