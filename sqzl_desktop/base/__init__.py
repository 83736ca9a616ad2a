"""What knows nothing of communities: clock, ids, errors, settings, paths, text, identity."""
