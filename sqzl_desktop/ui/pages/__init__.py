"""The pages; each has a PAGE, gathered in `navigation.PAGES`. They do not know each other."""
