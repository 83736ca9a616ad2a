"""The wire, shared by both sides: messages, merge, digests, versions. Pure."""
