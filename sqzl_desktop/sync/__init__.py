"""The client side of replication: push, pull, apply, compare."""
