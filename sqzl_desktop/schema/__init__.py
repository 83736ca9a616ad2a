"""How things are described: table, check, JSON, form, list, search and headings follow from it."""
