"""Speed, by hand: python -m tests.bench. Every figure stands beside a floor of the same run."""
