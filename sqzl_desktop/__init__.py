"""社区治理: the desktop program of a Chinese city's neighbourhood workers, and its server."""

__version__ = "0.1.0"
