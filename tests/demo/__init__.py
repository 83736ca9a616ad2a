"""The main job, end to end, on a generated community: python -m tests.demo."""
