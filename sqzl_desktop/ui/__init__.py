"""The window: the only place with Qt. It holds no rule of the domain and touches no database."""
