"""命令行: the same use-cases for scripts and IT staff. No Qt is imported."""
