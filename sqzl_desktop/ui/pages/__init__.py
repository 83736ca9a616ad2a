"""The pages, gathered in `navigation.PAGES`. They do not know each other."""
