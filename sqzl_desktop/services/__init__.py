"""Use-cases: one function is one thing a user does, and one transaction."""
