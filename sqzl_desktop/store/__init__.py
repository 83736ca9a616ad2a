"""The local encrypted database: rows, outbox, search index, audit. The only user of SQL here."""
